#!/bin/sh
# Packs rung.jar with a Java run-time made by jlink, so that nothing need be installed:
#
#   scripts/package-tarball.sh RUNG_JAR VERSION FOLDER
#
# writes FOLDER/rung-VERSION-SYSTEM.tar.gz. The same jar and JDK give the same bytes: no time, user or order of files of
# this machine is in it. Needs GNU tar.
set -eu

jar=$(realpath "$1")
version=$2
mkdir -p "$3"
out=$(realpath "$3")
cd "$(dirname "$0")/.."
. scripts/find-jdk.sh
find_jdk javac || exit 1

# Beside what jdeps finds: charsets (GBK bills), the locales of the messages, elliptic curves, DNS, and tools to diagnose.
modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,\
java.prefs,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.sql.rowset,java.transaction.xa,java.xml,\
java.xml.crypto,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.localedata,\
jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

system=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
name=rung-$version
home=$work/$name
mkdir -p "$home/bin"
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --include-locales=en,zh --strip-debug --no-header-files --no-man-pages \
  --compress zip-6 --output "$home/jre"
"$JAVA_HOME/bin/java" -Djarmode=tools -jar "$jar" extract --destination "$home/lib" >/dev/null
# A jar that was built without -Pdistribution has no such files.
(cd "$work" && "$JAVA_HOME/bin/jar" -xf "$jar" META-INF/THIRD-PARTY.txt META-INF/sbom)
for notice in THIRD-PARTY.txt sbom/application.cdx.json; do
  [ ! -f "$work/META-INF/$notice" ] || cp "$work/META-INF/$notice" "$home/"
done
cp scripts/tarball-rung.sh "$home/bin/rung"
cp -R LICENSE README.md README.zh-CN.md CHANGELOG.md SECURITY.md docs deploy "$home/"

# Modes do not depend on the umask; a link of jlink stays one.
find "$home" -type d -exec chmod 755 {} +
find "$home" -type f -perm -u+x -exec chmod 755 {} +
find "$home" -type f ! -perm -u+x -exec chmod 644 {} +
time=$(sed -n 's|.*<project.build.outputTimestamp>\(.*\)</project.build.outputTimestamp>.*|\1|p' pom.xml)
tar --create --directory "$work" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="$time" "$name" |
  gzip -9 -n >"$out/$name-$system.tar.gz"
echo "$out/$name-$system.tar.gz"
