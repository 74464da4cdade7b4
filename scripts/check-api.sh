#!/bin/sh
# Checks the API with tools of others: redocly lints the OpenAPI document, and schemathesis calls every operation of a
# running server with input that it generates from the document, the same in every run.
#
#   scripts/check-api.sh JAR     needs npm, and Python with venv; the tools are installed in .rung/tools once
#
# Returns 0 if nothing was found, 1 if something was, 2 if the tools could not be installed.
set -eu
cd "$(dirname "$0")/.."

# renovate: datasource=pypi depName=schemathesis
schemathesis_version=4.32.5
# renovate: datasource=npm depName=@redocly/cli
redocly_version=2.77.0

jar=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
tools=$PWD/.rung/tools
document=$PWD/api/src/main/resources/openapi.json
key=operator-key-of-the-api-check-32-letters
folder=$(mktemp -d)
server=

stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap stop EXIT

install_tools() {
  if [ ! -x "$tools/schemathesis-$schemathesis_version/bin/schemathesis" ]; then
    python3 -m venv "$tools/schemathesis-$schemathesis_version" &&
      "$tools/schemathesis-$schemathesis_version/bin/pip" install --quiet --timeout 20 --retries 1 \
        "schemathesis==$schemathesis_version" || return 1
  fi
  if [ ! -x "$tools/redocly-$redocly_version/node_modules/.bin/redocly" ]; then
    npm install --prefix "$tools/redocly-$redocly_version" --silent --no-audit --no-fund --fetch-retries 1 \
      "@redocly/cli@$redocly_version" || return 1
  fi
}

mkdir -p "$tools"
if ! install_tools; then
  echo "schemathesis and redocly could not be installed; the API is not checked with them" >&2
  exit 2
fi

"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" serve --port 0 --simulator false \
  --data-dir "$folder/data" --api-key "$key" >"$folder/out" 2>"$folder/errors" &
server=$!

found=0
"$tools/redocly-$redocly_version/node_modules/.bin/redocly" lint "$document" >"$folder/lint" 2>&1 || found=1
if grep -q "You have .* warning" "$folder/lint"; then
  found=1
fi
[ "$found" = 0 ] || cat "$folder/lint"

tries=0
until grep -q "^Rung is ready at " "$folder/out"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 120 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$folder/errors"
    echo "the server did not start" >&2
    exit 1
  fi
  sleep 0.5
done

# The stream never ends, and the key of the check must not be revoked. One worker: the same calls in the same order.
config=$PWD/scripts/schemathesis.toml
cd "$folder" # it remembers requests beside it
"$tools/schemathesis-$schemathesis_version/bin/schemathesis" --config-file "$config" run "$document" \
  --url "$(sed 's/^Rung is ready at //' "$folder/out")" -H "Authorization: Bearer $key" \
  --seed 1 --max-examples 1 --phases coverage,fuzzing --workers 1 --no-color --warnings off \
  --exclude-path '/v1/keys/{key_id}' --exclude-path /v1/stream \
  >"$folder/calls" 2>&1 || {
  cat "$folder/calls"
  found=1
}
tail -n 3 "$folder/calls"
exit "$found"
