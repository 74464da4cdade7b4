#!/bin/sh
# Makes the start-up caches of an unpacked application: train-app.sh FOLDER, with JAVA_HOME set.
# The JVM watches a short real run (a server on a free port with an empty data directory, and a few commands to it)
# and keeps the classes it loaded and linked: server.aot and client.aot in the folder.
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

# The settings of whoever starts Rung must not lead this run to a real database.
for name in $(env | sed -n 's/^\(RUNG_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done
cd "$work"

run() {
  "$JAVA_HOME/bin/java" -Xlog:disable "$@"
}

"$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$app/server.aot" -jar "$app/rung.jar" serve --port 0 --data-dir data >ready &
server=$!
waited=0
until grep -q '^Rung is ready at ' ready; do
  kill -0 "$server"
  [ "$waited" -lt 600 ]
  waited=$((waited + 1))
  sleep 0.1
done
url=$(sed -n 's/^Rung is ready at //p' ready)
key=$(cat data/api-key 2>/dev/null || :)
echo "$url $key"
kill "$server"
wait "$server" || :
server=
[ -f "$app/server.aot" ]
