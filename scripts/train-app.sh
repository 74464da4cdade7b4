#!/bin/sh
# Makes the start-up caches of an unpacked application: train-app.sh FOLDER, with JAVA_HOME set.
# The JVM records a short real run (a server on a free port with an empty data directory, and a command that calls it)
# and stores the classes that it loaded and linked: server.aot and client.aot in the folder.
set -eu

app=$1
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Remove the user's settings, so that this run does not use a real database.
for name in $(env | sed -n 's/^\(RUNG_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done
cd "$work"

"$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$app/server.aot" -jar "$app/rung.jar" \
  serve --port 0 --data-dir data --allow-targets 127.0.0.1/32 >ready &
server=$!
waited=0
until grep -qs '^Rung is ready at ' ready; do
  kill -0 "$server"
  [ "$waited" -lt 1200 ]
  waited=$((waited + 1))
  sleep 0.1
done
url=$(sed -n 's/^Rung is ready at //p' ready)

# One notification to the server itself, which declines it.
"$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$app/client.aot" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \
  -jar "$app/rung.jar" send --data-dir data --to "$url/"

kill "$server"
wait "$server"
server=
ls -l "$app/server.aot" "$app/client.aot"
