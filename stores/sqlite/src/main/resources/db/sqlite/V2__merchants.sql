CREATE TABLE merchant (
  id             INTEGER PRIMARY KEY,
  version        INTEGER NOT NULL UNIQUE,
  name           TEXT    NOT NULL,
  notify_url     TEXT,
  -- one of the two: chosen by name, or steps in milliseconds, comma-separated
  ladder_name    TEXT,
  ladder_steps   TEXT,
  acknowledge    INTEGER NOT NULL,
  signing        INTEGER NOT NULL,
  key_current    BLOB    NOT NULL,
  key_public     TEXT,
  key_previous   BLOB,
  previous_until INTEGER,
  max_in_flight  INTEGER NOT NULL,
  paused         INTEGER NOT NULL,
  created_at     INTEGER NOT NULL
);

CREATE TABLE merchant_key (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  digest      BLOB    NOT NULL UNIQUE,
  hint        TEXT    NOT NULL,
  created_at  INTEGER NOT NULL
);

CREATE INDEX merchant_key_merchant ON merchant_key (merchant_id);

CREATE TABLE saved_ladder (
  name  TEXT PRIMARY KEY,
  steps TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  actor  TEXT    NOT NULL,
  action TEXT    NOT NULL,
  target TEXT    NOT NULL,
  detail TEXT    NOT NULL
);
