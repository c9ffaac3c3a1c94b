#!/bin/sh
# Prints the path of an OpenBao or Vault program for the tests, and fails when there is none.
# usage: build.sh [--build]   --build: make it when it is missing, once, outside the tree; 10 to 20 minutes on two cores
# BAO_BIN or VAULT_BIN name an installed one.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

for given in "${BAO_BIN-}" "${VAULT_BIN-}"; do
  [ -n "$given" ] || continue
  [ -x "$given" ] || { echo "$given: is no program" >&2; exit 1; }
  echo "$given"
  exit 0
done
exec sh "$here/../go_program.sh" "$here" bao pii-openbao OpenBao "10 to 20 minutes" "${1-}"
