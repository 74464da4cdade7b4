#!/bin/sh
# Writes new secrets to .env, which compose.yaml reads; run it once. Both servers share them. Keep the file: the database
# stores secrets encrypted under the master key, and without the key they are lost.
set -eu
cd "$(dirname "$0")/.."

if [ -e .env ]; then
  echo ".env exists already; nothing was changed." >&2
  exit 1
fi
hex() {
  od -An -v -tx1 -N24 /dev/urandom | tr -d ' \n'
}
umask 077
cat >.env <<END
RUNG_API_KEY=$(hex)
RUNG_MASTER_KEY=$(head -c 32 /dev/urandom | base64 | tr -d '\n')
DATABASE_PASSWORD=$(hex)
BROKER_PASSWORD=$(hex)
# Private networks that notifications may reach, such as the one of Docker: 172.16.0.0/12
RUNG_ALLOW_TARGETS=
END
echo "Wrote .env; RUNG_API_KEY in it is the API key."
