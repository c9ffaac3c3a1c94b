#!/bin/sh
# Installs what is missing, builds, and passes every test. On a fresh Debian 12: sh tests/run.sh
# usage: run.sh [--quick]   --quick: the dev build alone, without the sanitizer and portable builds
# PII_WITH_OPENBAO=1: also builds OpenBao, once, for the tests against a real server (needs Go); PII_OPENBAO_SECONDS: how
# long that may take (3600), after which they are skipped. PII_WITH_OTLP_RECEIVER=1: the same for the OpenTelemetry Collector's receiver.
# PII_WITH_OPENSEARCH=1: for an OpenSearch server (needs Maven and a JDK, of Java 17 or later)
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"

quick=
case "${1-}" in
  "") ;;
  --quick) quick=1 ;;
  *) echo "usage: run.sh [--quick]" >&2; exit 2 ;;
esac

# The product's packages, then what only the tests need.
packages="g++ cmake ninja-build pkg-config libssl-dev libsodium-dev libcli11-dev nlohmann-json3-dev libcurl4-openssl-dev zlib1g-dev
  libre2-dev libyaml-cpp-dev libgtest-dev libbenchmark-dev libicu-dev libspdlog-dev libcpp-httplib-dev libboost-dev rsyslog rsyslog-openssl ccache python3 python3-venv binutils git strace man-db clang
  util-linux openssl chromium"
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

# A real server for the tests of Vault: an installed one, one that was built before, or with PII_WITH_OPENBAO=1 a new one.
openbao=tests/integration/openbao/build.sh
if [ "${PII_WITH_OPENBAO-}" = 1 ]; then
  timeout "${PII_OPENBAO_SECONDS:-3600}" sh "$openbao" --build || echo "OpenBao could not be built in time; the lines above say why"
fi
sh "$openbao" > /dev/null 2>&1 || echo "SKIPPED: the tests against a real OpenBao, for there is none here (PII_WITH_OPENBAO=1 builds it)"

# The same for the receivers of logs.
otlp=tests/integration/otlp/build.sh
if [ "${PII_WITH_OTLP_RECEIVER-}" = 1 ]; then
  timeout 1800 sh "$otlp" --build || echo "The OTLP receiver could not be built in time; the lines above say why"
fi
sh "$otlp" > /dev/null 2>&1 || echo "SKIPPED: the test against the OpenTelemetry Collector's receiver, for there is none here (PII_WITH_OTLP_RECEIVER=1 builds it)"
opensearch=tests/integration/opensearch/build.sh
if [ "${PII_WITH_OPENSEARCH-}" = 1 ]; then
  timeout 1800 sh "$opensearch" --build || echo "The OpenSearch server could not be built in time; the lines above say why"
fi
sh "$opensearch" > /dev/null 2>&1 || echo "SKIPPED: the test against a real OpenSearch, for there is none here (PII_WITH_OPENSEARCH=1 builds it)"

# The builds of README.md's commands and of strangers' projects, made by tests, compile what the dev build has compiled.
launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache
export CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
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
