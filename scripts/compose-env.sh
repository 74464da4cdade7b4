#!/bin/sh
# Writes the .env that compose.yaml reads: fresh secrets, once. Both servers share them, and the database keeps secrets
# encrypted under the master key: without this file they cannot be read again. Keep it.
set -eu
cd "$(dirname "$0")/.."

if [ -e .env ]; then
  echo "There is an .env already; nothing was changed." >&2
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
# CIDRs that notifications may reach although they are private, such as this network's own: 172.16.0.0/12
RUNG_ALLOW_TARGETS=
END
echo "Wrote .env. The API key is the line RUNG_API_KEY in it."
