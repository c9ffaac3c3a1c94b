#!/bin/sh
# Builds piictl and shows, on invented people, what it does: tokenize, protect, reveal, mask, scan, rotate.
# On a fresh Debian 12: sh piictl/quickstart.sh     It works in a temporary folder and leaves only build/release behind.
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

packages="g++ cmake ninja-build libssl-dev libsodium-dev libcli11-dev nlohmann-json3-dev libcurl4-openssl-dev zlib1g-dev libre2-dev
  libyaml-cpp-dev"
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  say "Installing what the build needs:$missing"
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi

say "Building piictl (build/release; a minute or two the first time)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
if ! { { [ -f build/release/build.ninja ] || cmake --preset release; } && cmake --build --preset release --target piictl; } > "$log" 2>&1; then
  cat "$log" >&2
  echo "error: the build failed" >&2
  echo "hint: the last lines above say where" >&2
  exit 1
fi
tail -n 1 "$log"
PATH="$PWD/build/release/piictl:$PATH"
samples="$PWD/piictl/samples"

# A home of its own: nothing of yours is read or changed.
home=$(mktemp -d)
trap 'rm -rf "$home" "$log"' EXIT
PIICTL_HOME="$home/keys"
export PIICTL_HOME PATH
for name in $(env | sed -n 's/^\(PII_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
cd "$home"

beside() {  # beside TITLE FILE TITLE FILE: two files side by side
  paste "$2" "$4" | awk -F '\t' -v a="$1" -v b="$3" 'BEGIN { printf "  %-36s  %s\n", a, b } { printf "  %-36s  %s\n", $1, $2 }'
}

say "1. Local keysets: piictl init"
piictl init --quiet > exports.sh
sed 's/^/  /' exports.sh

say "2. Tokenize: the same person gives the same token, however it is written"
cut -d, -f1 "$samples/people.csv" | tail -n +2 > mails.txt
piictl tokenize -f email --quiet < mails.txt > tokens.txt
beside "BEFORE (e-mail)" mails.txt "AFTER (token)" tokens.txt
echo "  $(sort -u tokens.txt | wc -l) different tokens for $(wc -l < mails.txt) rows: two rows are one person."

say "3. A whole CSV at once: names, e-mails and phones, the other columns as they were"
cp "$samples/people.csv" before.csv
piictl tokenize --quiet --format csv --column name --column email --column phone < before.csv > after.csv
echo "  BEFORE"; sed 's/^/    /' before.csv
echo "  AFTER (tokens cut to 20 characters here)"; sed -E 's/(ptok:v1:[A-Za-z0-9_-]{12})[A-Za-z0-9_-]{31}/\1…/g; s/^/    /' after.csv

say "4. Protect and reveal: for those who must read a value back"
piictl protect -f note --quiet < "$samples/notes.txt" > sealed.txt
piictl reveal -f note --quiet < sealed.txt > revealed.txt
cut -c 1-34 sealed.txt | sed 's/$/…/' > sealed-short.txt
beside "BEFORE" "$samples/notes.txt" "PROTECTED" sealed-short.txt
cmp "$samples/notes.txt" revealed.txt && echo "  revealed: byte for byte what it was"
if piictl reveal -f email --quiet < sealed.txt > wrong.txt 2> refused.txt; then exit 1; fi
echo "  as another field type nothing opens: $(grep '^error: ' refused.txt)"

say "5. Mask: a log without personal data, live in a pipe as well"
cp "$samples/app.ndjson" before.ndjson
piictl mask --quiet before.ndjson > after.ndjson
echo "  BEFORE"; sed 's/^/    /' before.ndjson
echo "  AFTER (tokens cut to 20 characters here)"; sed -E 's/(ptok:v1:[A-Za-z0-9_-]{12})[A-Za-z0-9_-]{31}/\1…/g; s/^/    /' after.ndjson
piictl mask --quiet after.ndjson | cmp - after.ndjson && echo "  masked again: nothing changes"

say "6. Scan: where personal data is, without showing it"
piictl scan --quiet --report report.html before.ndjson before.csv | sed 's/^/  /'

say "7. Rotate: a new primary key, and the old one still matches and reveals"
piictl keyset info keys/token.json > info-before.txt
piictl rotate keys/token.json --now --yes --quiet
piictl rotate keys/reveal.json --now --yes --quiet
piictl keyset info keys/token.json > info-after.txt
echo "  BEFORE"; sed 's/^/    /' info-before.txt
echo "  AFTER"; sed 's/^/    /' info-after.txt
old=$(head -n 1 tokens.txt)
head -n 1 mails.txt | piictl match -f email --token "$old" --quiet && echo "  the token made before the rotation still matches its e-mail"
head -n 1 mails.txt | piictl tokenize -f email --all --quiet | awk -F '\t' '{ print "  new token  " $1 "\n  old token  " $2 }'
piictl reveal -f note --quiet < sealed.txt | cmp - "$samples/notes.txt" && echo "  what was protected before the rotation is still revealed"

say "Next steps"
cat <<END
  PATH="$(dirname "$(command -v piictl)"):\$PATH"
  eval "\$(piictl init)"                               keysets of your own, and the variables a service reads
  echo 'ada@example.com' | piictl tokenize -f email
  kubectl logs -f pod | piictl mask                   a live log without personal data
  piictl scan --report found.html app.log             a page for a browser: where personal data is
  piictl doctor                                       what is in force here, and what to mend
  piictl --help, piictl man, docs/cli.md              everything else
  cmake --install build/release --prefix ~/.local     installs piictl, its manual and completions, and the library
END
