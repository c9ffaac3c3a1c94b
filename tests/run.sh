#!/bin/sh
# Installs what is missing, builds, and passes every test. On a fresh Debian 12: sh tests/run.sh
# usage: run.sh [--quick]   --quick: the dev build alone, without the sanitizer and portable builds
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"

quick=
case "${1-}" in
  "") ;;
  --quick) quick=1 ;;
  *) echo "usage: run.sh [--quick]" >&2; exit 2 ;;
esac

# The product's packages, then what only the tests need.
packages="g++ cmake ninja-build pkg-config libssl-dev libsodium-dev libcli11-dev nlohmann-json3-dev libre2-dev libyaml-cpp-dev
  libgtest-dev libbenchmark-dev libicu-dev ccache python3 python3-venv binutils git strace man-db util-linux chromium"
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "Installing:$missing"
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi

launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache
all=OFF
if [ -z "$quick" ]; then
  all=ON
  for preset in asan tsan portable; do
    cmake --preset "$preset" "$launcher"
    cmake --build --preset "$preset"
  done
fi
cmake --preset dev "$launcher" "-DPII_TEST_ALL_PRESETS=$all"
cmake --build --preset dev
# ctest's summary is the last thing said; its exit code is ours.
exec ctest --preset dev --no-tests=error -j "$(nproc)"
