#!/bin/sh
# Prints the path of an OpenSearch server for the tests, and fails when there is none.
# usage: build.sh [--build]   --build: make it when it is missing, once, outside the tree; a minute or two, most of it Maven's downloads
#   server KEYSTORE FOLDER PORT; a keystore for this machine is beside the program, and its certificate
set -eu
cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"

# The folder is named by what it is built from.
version=$(cat pom.xml jars.sha256 Server.java build.sh | sha256sum | cut -c1-16)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/pii-opensearch/$version"
if [ ! -x "$folder/server" ] && [ "${1-}" = --build ]; then
  for tool in mvn javac keytool; do
    command -v "$tool" > /dev/null || { echo "The OpenSearch server is built with $tool, which is not installed (packages maven, openjdk-17-jdk-headless)" >&2; exit 1; }
  done
  echo "Building the OpenSearch server for the tests, once (a minute or two)" >&2
  rm -rf "$folder"
  mkdir -p "$folder/classes"
  nice mvn -q -B -f pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$folder/jars" >&2
  (cd "$folder/jars" && sha256sum --strict --quiet -c) < jars.sha256 >&2
  [ "$(ls "$folder/jars" | wc -l)" = "$(wc -l < jars.sha256)" ] || { echo "more jars than jars.sha256 names" >&2; exit 1; }
  nice javac -proc:none -d "$folder/classes" -cp "$folder/jars/*" Server.java >&2
  jar cf "$folder/server.jar" -C "$folder/classes" .
  keytool -genkeypair -keyalg EC -groupname secp256r1 -validity 3650 -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1 -alias server \
    -storetype PKCS12 -keystore "$folder/keystore" -storepass tests-only 2> /dev/null
  keytool -exportcert -rfc -alias server -keystore "$folder/keystore" -storepass tests-only -file "$folder/certificate.pem" 2> /dev/null

  # Classes that are read beforehand halve the time that a start takes. The archive knows its jars by their order and paths.
  jars="$folder/server.jar$(for jar in "$folder"/jars/*.jar; do printf ':%s' "$jar"; done)"
  java="java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms256m -Xmx256m -Xlog:disable -cp '$jars'"
  mkdir "$folder/first"
  eval "AUTHORIZATIONS=none nice $java -XX:ArchiveClassesAtExit='$folder/archive' Server '$folder/keystore' '$folder/first' 0 --once" > /dev/null
  rm -rf "$folder/first" "$folder/classes"
  printf '#!/bin/sh\nexec %s -XX:SharedArchiveFile=%s Server "$@"\n' "$java" "'$folder/archive'" > "$folder/server.part"
  chmod +x "$folder/server.part"
  mv "$folder/server.part" "$folder/server"
fi
[ -x "$folder/server" ] || { echo "no OpenSearch server here: sh tests/integration/opensearch/build.sh --build makes it" >&2; exit 1; }
echo "$folder/server"
