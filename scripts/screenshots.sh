#!/bin/sh
# Takes the screenshots of the READMEs, docs/images/*.png, from a demo that it starts and stops. It takes about four
# minutes: the demo runs for DEMO_SECONDS first, so that some notifications are on high rungs.
set -eu
cd "$(dirname "$0")/.."

. scripts/find-jdk.sh
. scripts/find-services.sh
find_jdk javac || exit 1
has_chromium || need_services || exit 1

work=$(mktemp -d)
demo=
finish() {
  [ -z "$demo" ] || kill "$demo" 2>/dev/null || :
  [ -z "$demo" ] || wait "$demo" 2>/dev/null || :
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

./rung demo --port 0 >"$work/said" &
demo=$!
began=$(date +%s)
until grep -qs '^Console ' "$work/said"; do
  kill -0 "$demo"
  sleep 0.2
done
./mvnw -q -B -pl server -am test-compile -Dspotless.check.skip=true
ripe=$((began + ${DEMO_SECONDS:-150}))
while [ "$(date +%s)" -lt "$ripe" ]; do
  sleep 1
done
mkdir -p docs/images
# Surefire runs in the module's folder, so paths are absolute.
./mvnw -q -B -pl server -am test -Dtest=ReadmeScreenshots -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true \
  -Dscreenshots="$PWD/docs/images" -Ddemo.link="$(sed -n 's/^Console *//p' "$work/said")"
ls -l docs/images
