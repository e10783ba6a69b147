#!/bin/sh
# Runs once while a runtime image is made: proves that the base can run the engine, and makes the
# cache that lets it start quickly. What it says after "refused:" is shown to people.
set -eu
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS || true
for musl in /lib/ld-musl-*; do
  if [ -e "$musl" ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ]; then
    echo "refused: it is built on musl (as Alpine is), which the engine's Java cannot run on yet. Use an image built on glibc, such as one of Debian."
    exit 64
  fi
done
if ! /opt/pipewright/jre/bin/java -version; then
  echo "refused: the engine's Java does not start in it. Use an image with glibc 2.17 or newer, such as one of Debian."
  exit 64
fi
exec /opt/pipewright/jre/bin/java -XX:AOTCacheOutput=/opt/pipewright/engine.aot @OPTIONS@ -cp @CLASSPATH@ @MAIN@ --warm-up
