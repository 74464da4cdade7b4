#!/bin/sh
# Runs Rung with the Java run-time beside it: bin/rung COMMAND …, or bin/rung --help. The JVM replaces this process.
# JDK_JAVA_OPTIONS passes options to the JVM.
set -eu

script=$(readlink -f "$0")
home=$(cd "$(dirname "$script")/.." && pwd -P)
case ${1-} in
  serve | demo | listen) jvm='-XX:+ExitOnOutOfMemoryError' ;;
  *) jvm='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m' ;;
esac
# shellcheck disable=SC2086 # several words
exec "$home/jre/bin/java" $jvm -jar "$home/lib/rung.jar" "$@"
