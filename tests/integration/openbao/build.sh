#!/bin/sh
# Prints the path of an OpenBao or Vault program for the tests, and fails when there is none.
# usage: build.sh [--build]   --build: make it when it is missing, once, outside the tree; 10 to 20 minutes on two cores
# BAO_BIN or VAULT_BIN name an installed one.
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"

for given in "${BAO_BIN-}" "${VAULT_BIN-}"; do
  [ -n "$given" ] || continue
  [ -x "$given" ] || { echo "$given: is no program" >&2; exit 1; }
  echo "$given"
  exit 0
done

# The folder is named by what it is built from.
version=$(cat go.mod main.go | sha256sum | cut -c1-16)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/pii-openbao/$version"
if [ ! -x "$folder/bao" ] && [ "${1-}" = --build ]; then
  command -v go > /dev/null || { echo "OpenBao is built with Go, which is not installed" >&2; exit 1; }
  echo "Building OpenBao for the tests, once (10 to 20 minutes)" >&2
  mkdir -p "$folder"
  GOTOOLCHAIN=local CGO_ENABLED=0 nice go build -trimpath -ldflags '-s -w' -o "$folder/bao.part" . >&2
  mv "$folder/bao.part" "$folder/bao"
fi
[ -x "$folder/bao" ] || { echo "no OpenBao here: sh tests/integration/openbao/build.sh --build makes it" >&2; exit 1; }
echo "$folder/bao"
