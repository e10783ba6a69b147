#!/bin/sh
# Starts the engine of a run.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
exec /opt/pipewright/jre/bin/java -XX:AOTCache=/opt/pipewright/engine.aot @OPTIONS@ -cp @CLASSPATH@ @MAIN@ "$@"
