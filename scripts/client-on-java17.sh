#!/bin/sh
# Builds, tests and installs the Java SDK with JDK 17, into a temporary repository. The rest of Rung needs a newer JDK.
# JAVA17_HOME names the JDK; otherwise the usual folders are searched.
set -eu

cd "$(dirname "$0")/.."

for home in "${JAVA17_HOME-}" /usr/lib/jvm/*17* /Library/Java/JavaVirtualMachines/*17*/Contents/Home; do
  if [ -x "$home/bin/javac" ] && "$home/bin/javac" -version 2>&1 | grep -q '^javac 17\.'; then
    JAVA_HOME=$home
    export JAVA_HOME
    found=yes
    break
  fi
done
if [ -z "${found-}" ]; then
  echo "A JDK 17 is needed: set JAVA17_HOME." >&2
  exit 1
fi

repository=$(mktemp -d)
trap 'rm -rf "$repository"' EXIT
# What was downloaded before is read from the usual repository; what is installed goes to the temporary one.
./mvnw -q -B -pl client,bom install -Dbuild.folder=target/java17 \
  -Dmaven.repo.local="$repository" -Dmaven.repo.local.tail="${HOME}/.m2/repository"
for file in .jar -sources.jar -javadoc.jar .pom; do
  test -f "$repository/dev/rung/rung-client/0.1.0-SNAPSHOT/rung-client-0.1.0-SNAPSHOT$file"
done
echo "The SDK builds and passes its tests on $("$JAVA_HOME/bin/java" -version 2>&1 | head -n 1)."
