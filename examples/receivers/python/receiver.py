"""Receives Rung's notifications: verifies them, and handles each once."""

import os
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

BODY_BYTES_MAX = 1024 * 1024

webhook = Webhook(os.environ["RUNG_WEBHOOK_SECRET"])
database = os.environ.get("DATABASE", "webhooks.db")


def connect():
    return sqlite3.connect(database, timeout=10)


def handle(payload):
    """What a notification causes. It runs in the transaction that stores the id."""
    print("handled", payload, flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > BODY_BYTES_MAX:
            return self.answer(413, "too large")
        body = self.rfile.read(length)
        try:
            # The headers' names in lower case, as the library looks them up.
            payload = webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError as e:
            return self.answer(401, str(e))
        connection = connect()
        try:
            with connection:  # commits, or rolls back on an exception
                connection.execute("INSERT INTO webhooks (id) VALUES (?)", (self.headers["webhook-id"],))
                handle(payload)
        except sqlite3.IntegrityError:
            pass  # handled before
        finally:
            connection.close()
        return self.answer(200, "success")

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    setup = connect()
    with setup:
        setup.execute("CREATE TABLE IF NOT EXISTS webhooks (id TEXT PRIMARY KEY)")
    setup.close()
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
    print("listening at", server.server_address[1], flush=True)
    server.serve_forever()
