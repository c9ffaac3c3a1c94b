#!/bin/sh
# Prints the path of the OpenTelemetry Collector's OTLP receiver as a program for the tests, and fails when there is none.
# usage: build.sh [--build]   --build: make it when it is missing, once, outside the tree; some minutes on two cores
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"

# The folder is named by what it is built from.
version=$(cat go.mod main.go | sha256sum | cut -c1-16)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/pii-otlp-receiver/$version"
if [ ! -x "$folder/otlp_receiver" ] && [ "${1-}" = --build ]; then
  command -v go > /dev/null || { echo "the OTLP receiver is built with Go, which is not installed" >&2; exit 1; }
  echo "Building the OTLP receiver for the tests, once (some minutes)" >&2
  mkdir -p "$folder"
  GOTOOLCHAIN=local CGO_ENABLED=0 nice go build -trimpath -ldflags '-s -w' -o "$folder/otlp_receiver.part" . >&2
  mv "$folder/otlp_receiver.part" "$folder/otlp_receiver"
fi
[ -x "$folder/otlp_receiver" ] || { echo "no OTLP receiver here: sh tests/integration/otlp/build.sh --build makes it" >&2; exit 1; }
echo "$folder/otlp_receiver"
