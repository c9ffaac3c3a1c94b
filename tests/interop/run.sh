#!/bin/sh
# Runs a script in a virtual environment with the real package, which is kept outside the tree between runs.
# usage: run.sh SCRIPT [arguments of the script]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
script=$1
shift
version=0.5.5
venv=${PII_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/pii-tests}/ecsctx-$version

# Version 1 follows Unicode 14, which is Python 3.11's (Debian 12).
python=
for candidate in /usr/bin/python3 python3 python3.11; do
  if "$candidate" -c 'import sys, unicodedata as u; sys.exit(u.unidata_version != "14.0.0")' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "skipped: no Python with Unicode 14 (3.11) on this machine"
  exit 77
fi

mkdir -p "$(dirname "$venv")"
if ! "$venv/bin/python" -c 'import ecsctx.pii' 2>/dev/null; then
  rm -rf "$venv"
  if ! { "$python" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "ecsctx==$version"; } \
    >"$venv.log" 2>&1; then
    echo "skipped: ecsctx $version could not be installed into a virtual environment"
    exit 77
  fi
fi
exec "$venv/bin/python" "$here/$script" "$@"
