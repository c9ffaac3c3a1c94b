#!/bin/sh
# Runs a Python script with opentelemetry-proto, from a virtual environment that is kept outside the tree between runs; where that
# cannot be had, without it, and the script says what it skips.
# usage: with_otlp_proto.sh SCRIPT [arguments of the script]
set -eu
version=1.45.2
venv=${PII_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/pii-tests}/opentelemetry-proto-$version
mkdir -p "$(dirname "$venv")"
if ! "$venv/bin/python" -c 'import opentelemetry.proto' 2>/dev/null; then
  rm -rf "$venv"
  { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "opentelemetry-proto==$version"; } \
    >"$venv.log" 2>&1 || exec python3 "$@"
fi
exec "$venv/bin/python" "$@"
