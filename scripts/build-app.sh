#!/bin/sh
# Brings .rung/current up to date: the unpacked application and its start-up caches.
# ./rung calls it before every start; if nothing has changed, it takes a few milliseconds. It reports to stderr.
#
#   .rung/current        link to the newest build
#   .rung/app.<time>/    one build: rung.jar, bench/, lib/, server.aot, client.aot, and the `release` of their JDK
#   .rung/built          its time is the start of that build; a newer source causes the next build
set -eu

cd "$(dirname "$0")/.."
. scripts/find-jdk.sh

from_sources() {
  [ -f pom.xml ]
}

sources_changed() {
  [ ! -f .rung/built ] ||
    [ -n "$(find pom.xml .mvn ./*/pom.xml ./*/*/pom.xml ./*/src/main ./*/*/src/main -newer .rung/built 2>/dev/null | head -n 1)" ]
}

is_missing() {
  if from_sources; then
    [ ! -f .rung/current/rung.jar ] || sources_changed
  else
    [ ! -f .rung/current/rung.jar ] || [ -n "$(find rung.jar -newer .rung/built)" ]
  fi
}

caches_fit() {
  cmp -s "$JAVA_HOME/release" .rung/current/release
}

say() {
  echo "$*" >&2
}

# One build at a time: a second ./rung waits for the first one and uses its result.
take_lock() {
  waiting=
  until mkdir .rung/lock 2>/dev/null; do
    owner=$(cat .rung/lock/pid 2>/dev/null || :)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf .rung/lock # left behind by a killed process
    elif [ -z "$waiting" ]; then
      waiting=yes
      say "Another ./rung is building (process ${owner:-unknown}); waiting for it to remove $PWD/.rung/lock…"
    fi
    sleep 0.2
  done
  echo $$ >.rung/lock/pid
  trap 'rm -rf .rung/lock .rung/next' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

compile() {
  # In a folder of its own, and always from scratch, because Maven keeps outputs of deleted sources (a renamed migration
  # would run twice). Tests and code checks are left to ./verify.
  rm -rf ./*/target/launch ./*/*/target/launch
  if ! ./mvnw -q -B -pl server,bench -am package -Dbuild.folder=target/launch \
    -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dspotless.check.skip=true -Dstrict.skip=true >.rung/build.log 2>&1; then
    tail -n 40 .rung/build.log >&2
    if grep -q 'Failed to validate Maven distribution' .rung/build.log && ! command -v unzip >/dev/null; then
      say "Install unzip: Maven's checksum is that of the zip file, which cannot be used without it."
    fi
    say "The build failed; its full output is in $PWD/.rung/build.log"
    return 1
  fi
}

# The JVM starts faster from an unpacked application than from nested jars, and can use its start-up cache. The new build
# is placed beside the old one, because a running server may still read from that.
unpack() {
  rm -rf .rung/next
  "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$1" extract --destination .rung/next >/dev/null || return 1
  app=app.$(date +%s)
  rm -rf ".rung/$app"
  mv .rung/next ".rung/$app"
  ln -sfn "$app" .rung/current
  find .rung -maxdepth 1 -name 'app.*' | sort -r | sed 1,2d | while read -r old; do
    rm -rf "$old"
  done
}

train() {
  if scripts/train-app.sh "$(cd .rung/current && pwd -P)" >.rung/train.log 2>&1; then
    cp "$JAVA_HOME/release" .rung/current/release
  else
    say "The start-up caches could not be made, so starts take a little longer; see $PWD/.rung/train.log"
    cp "$JAVA_HOME/release" .rung/current/release # do not retry at every start
  fi
}

build() {
  began=$(date +%s)
  if from_sources && [ -f .rung/built ]; then
    say "The sources have changed: building Rung…"
  else
    say "Building Rung (first start only)…"
  fi
  touch .rung/begun
  if from_sources; then
    compile || return 1
    unpack server/target/launch/rung.jar || return 1
    mkdir .rung/current/bench
    cp bench/target/launch/rung-bench.jar bench/target/launch/libraries/*.jar .rung/current/bench/
  else
    unpack rung.jar || return 1
  fi
  train
  mv .rung/begun .rung/built
  say "Built in $(($(date +%s) - began)) s."
}

if is_missing || ! caches_fit; then
  mkdir -p .rung 2>/dev/null && [ -w .rung ] || exit 0
  find_jdk "$(from_sources && echo javac || echo java)" || exit 1
  take_lock
  if is_missing; then
    build
  elif ! caches_fit; then
    say "The JDK has changed: renewing the start-up caches…"
    train
  fi
fi
