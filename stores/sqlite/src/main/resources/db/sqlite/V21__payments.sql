CREATE TABLE payment (
  id                 INTEGER PRIMARY KEY,
  merchant_id        INTEGER NOT NULL,
  out_trade_no       TEXT    NOT NULL,
  amount             INTEGER NOT NULL,
  currency           TEXT    NOT NULL,
  subject            TEXT    NOT NULL,
  channel            TEXT    NOT NULL,
  notify_url         TEXT    NOT NULL,
  -- steps in milliseconds, comma-separated
  ladder             TEXT    NOT NULL,
  ladder_name        TEXT,
  channel_options    TEXT,
  request_digest     BLOB    NOT NULL,
  query_id           INTEGER NOT NULL,
  state              INTEGER NOT NULL,
  version            INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  expires_at         INTEGER NOT NULL,
  close_requested_at INTEGER,
  pay_url            TEXT,
  channel_trade_no   TEXT,
  paid_at            INTEGER,
  -- when its story last went on; null before its end, and once the story is deleted
  story_until        INTEGER,
  UNIQUE (out_trade_no, merchant_id)
);

CREATE INDEX payment_merchant ON payment (merchant_id, id);
-- Most succeed; the others are looked for.
CREATE INDEX payment_state ON payment (state, id) WHERE state <> 2;
CREATE INDEX payment_paid ON payment (paid_at, channel, id) WHERE paid_at IS NOT NULL;
CREATE INDEX payment_story ON payment (story_until) WHERE story_until IS NOT NULL;

CREATE TABLE payment_event (
  payment_id INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  source     INTEGER NOT NULL,
  state      INTEGER,
  detail     TEXT    NOT NULL,
  answer     TEXT,
  PRIMARY KEY (payment_id, id)
) WITHOUT ROWID;

CREATE TABLE payment_callback (
  id             INTEGER PRIMARY KEY,
  channel        TEXT    NOT NULL,
  received_at    INTEGER NOT NULL,
  verified       INTEGER NOT NULL,
  -- SHA-256
  digest         BLOB    NOT NULL,
  payment_id     INTEGER,
  -- of one that spoke of an unknown order
  discrepancy_id INTEGER,
  verdict        TEXT    NOT NULL,
  headers        TEXT    NOT NULL,
  body           BLOB    NOT NULL
);

CREATE UNIQUE INDEX payment_callback_verified ON payment_callback (channel, digest) WHERE verified = 1;
CREATE INDEX payment_callback_unverified ON payment_callback (channel, id) WHERE verified = 0;
CREATE INDEX payment_callback_payment ON payment_callback (payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_callback_stray ON payment_callback (id, discrepancy_id) WHERE discrepancy_id IS NOT NULL;

CREATE TABLE discrepancy (
  id              INTEGER PRIMARY KEY,
  kind            INTEGER NOT NULL,
  channel         TEXT    NOT NULL,
  subject         TEXT    NOT NULL,
  payment_id      INTEGER,
  detail          TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  resolution      TEXT,
  resolved_by     TEXT,
  resolved_at     INTEGER,
  UNIQUE (channel, subject, kind)
);

CREATE INDEX discrepancy_open ON discrepancy (id) WHERE resolved_at IS NULL;

CREATE TABLE payment_count (
  state INTEGER PRIMARY KEY,
  n     INTEGER NOT NULL
);
