#!/bin/sh
# Prints the path of the OpenTelemetry Collector's OTLP receiver as a program for the tests, and fails when there is none.
# usage: build.sh [--build]   --build: make it when it is missing, once, outside the tree; some minutes on two cores
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec sh "$here/../go_program.sh" "$here" otlp_receiver pii-otlp-receiver "OTLP receiver" "some minutes" "${1-}"
