-- The simulated bank's own: what a bank does not forget when Rung is killed.
CREATE TABLE simulated_order (
  number         TEXT    PRIMARY KEY,
  token          TEXT    NOT NULL UNIQUE,
  trade_no       TEXT    NOT NULL,
  amount         INTEGER NOT NULL,
  currency       TEXT    NOT NULL,
  subject        TEXT    NOT NULL,
  notify_url     TEXT    NOT NULL,
  placed_at      INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  outcome        INTEGER,
  callback       INTEGER NOT NULL,
  callback_delay INTEGER NOT NULL,
  answers        INTEGER NOT NULL,
  state          INTEGER NOT NULL,
  settled_at     INTEGER,
  callbacks      INTEGER NOT NULL,
  heard          INTEGER NOT NULL,
  due_at         INTEGER,
  version        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX simulated_order_due ON simulated_order (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX simulated_order_expires ON simulated_order (expires_at);
