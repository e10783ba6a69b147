#!/bin/sh
# Starts the engine of a run.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
# Names of branches and files are UTF-8, whatever the image says.
LC_ALL=C.UTF-8
export LC_ALL
exec /opt/pipewright/jre/bin/java -XX:AOTCache=/opt/pipewright/engine.aot @OPTIONS@ @TESTING@ -cp @CLASSPATH@ @MAIN@ "$@"
