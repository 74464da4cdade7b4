#!/bin/bash
# The health check of the image, which has no HTTP client: succeeds if the server in this container answers /ready with
# 200. It knows port and TLS from the environment.
port=${RUNG_PORT:-8080}
ask() {
  printf 'GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
}
if [ -n "${RUNG_TLS_CERT-}" ]; then
  # The certificate is not checked, because it names the public host and not 127.0.0.1.
  read -r _ status _ < <(ask | timeout 3 openssl s_client -quiet -connect "127.0.0.1:$port" 2>/dev/null)
else
  exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
  ask >&3
  read -r -t 3 _ status _ <&3
fi
[ "${status-}" = 200 ]
