#!/bin/sh
# Prints the path of a server program that is built from a folder's Go module, and fails when there is none.
# usage: go_program.sh FOLDER PROGRAM CACHE NAME TIME [--build]
#   FOLDER has go.mod and main.go; PROGRAM is kept in a folder CACHE of the user's cache, outside the tree, and is made there once
#   with --build; NAME and TIME are for people
set -eu
cd "$1"
program=$2 cache=$3 name=$4 time=$5

# The folder is named by what it is built from.
version=$(cat go.mod main.go | sha256sum | cut -c1-16)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/$cache/$version"
if [ ! -x "$folder/$program" ] && [ "${6-}" = --build ]; then
  command -v go > /dev/null || { echo "$name is built with Go, which is not installed" >&2; exit 1; }
  echo "Building $name for the tests, once ($time)" >&2
  mkdir -p "$folder"
  GOTOOLCHAIN=local CGO_ENABLED=0 nice go build -trimpath -ldflags '-s -w' -o "$folder/$program.part" . >&2
  mv "$folder/$program.part" "$folder/$program"
fi
[ -x "$folder/$program" ] || { echo "no $name here: sh tests/integration/$(basename "$1")/build.sh --build makes it" >&2; exit 1; }
echo "$folder/$program"
