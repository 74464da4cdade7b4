#!/bin/bash
# For the image, which has no HTTP client: succeeds while the server in this container answers /ready with 200.
exec 3<>"/dev/tcp/127.0.0.1/${RUNG_PORT:-8080}" || exit 1
printf 'GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
