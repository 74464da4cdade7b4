-- What does not change between attempts, in the order of acceptance. Insert-only, so that moving a notification
-- rewrites a few dozen bytes and not its payload.
CREATE TABLE content (
  position        INTEGER PRIMARY KEY,
  notification_id INTEGER NOT NULL,
  merchant_id     INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  order_no        TEXT,
  event_type      TEXT,
  url             TEXT    NOT NULL,
  -- steps in milliseconds, comma-separated, of a ladder given on the spot
  ladder_steps    TEXT,
  ordered         INTEGER NOT NULL,
  idempotency_key TEXT,
  body_digest     BLOB,
  -- last, so that reading the rest of a large row leaves its overflow pages alone
  payload         BLOB    NOT NULL
);

CREATE UNIQUE INDEX content_idempotency ON content (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What moves. One narrow row a notification: some seventy to a page.
CREATE TABLE notification (
  id              INTEGER PRIMARY KEY,
  position        INTEGER NOT NULL,
  merchant_id     INTEGER NOT NULL,
  -- 0: the steps stand in content
  ladder_id       INTEGER NOT NULL,
  state           INTEGER NOT NULL,
  place           INTEGER NOT NULL,
  wake            INTEGER NOT NULL,
  rung            INTEGER NOT NULL,
  attempts_made   INTEGER NOT NULL,
  attempts_max    INTEGER NOT NULL,
  ordered         INTEGER NOT NULL,
  may_repeat      INTEGER NOT NULL,
  -- in the index of waiting ones; set by the indexer, long after most have been delivered
  listed          INTEGER NOT NULL,
  next_attempt_at INTEGER,
  settled_at      INTEGER
);

-- The only secondary index that every notification touches. The others hold the exceptions.
CREATE INDEX notification_due ON notification (next_attempt_at) WHERE place = 0 AND next_attempt_at IS NOT NULL;
CREATE INDEX notification_held ON notification (merchant_id, next_attempt_at) WHERE place = 1 AND next_attempt_at IS NOT NULL;
CREATE INDEX notification_held_by_order ON notification (position) WHERE place = 2 AND next_attempt_at IS NOT NULL;
CREATE INDEX notification_far ON notification (next_attempt_at) WHERE place = 3 AND next_attempt_at IS NOT NULL;
CREATE INDEX notification_ended ON notification (state, position, merchant_id) WHERE state >= 2;
CREATE INDEX notification_waiting ON notification (position, merchant_id) WHERE state = 0 AND listed = 1;

-- Ordered notifications that hold back later ones of their order.
CREATE TABLE ordered_mark (
  merchant_id     INTEGER NOT NULL,
  order_no        TEXT    NOT NULL,
  position        INTEGER NOT NULL,
  notification_id INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, order_no, position)
) WITHOUT ROWID;

CREATE TABLE attempt (
  notification_id INTEGER NOT NULL,
  id              INTEGER NOT NULL,
  number          INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  started_at      INTEGER NOT NULL,
  duration_ms     INTEGER NOT NULL,
  outcome         INTEGER NOT NULL,
  may_repeat      INTEGER NOT NULL,
  superseded      INTEGER NOT NULL,
  error           TEXT,
  http_status     INTEGER,
  headers         TEXT,
  body            BLOB,
  PRIMARY KEY (notification_id, id)
) WITHOUT ROWID;

-- Ladders that notifications were accepted with, once for each name and content.
CREATE TABLE ladder (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL,
  steps TEXT NOT NULL,
  UNIQUE (name, steps)
);

-- What search needs: written in the background, in the order of acceptance, up to store_state.horizon.
CREATE TABLE by_merchant (
  merchant_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, position)
) WITHOUT ROWID;

CREATE TABLE by_order (
  order_no TEXT    NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (order_no, position)
) WITHOUT ROWID;

CREATE TABLE state_count (
  state INTEGER PRIMARY KEY,
  n     INTEGER NOT NULL
);

CREATE TABLE rung_count (
  ladder TEXT    NOT NULL,
  step   INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (ladder, step)
) WITHOUT ROWID;

-- One row.
CREATE TABLE store_state (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  last_id       INTEGER NOT NULL,
  last_position INTEGER NOT NULL,
  horizon       INTEGER NOT NULL,
  -- how far ids have run ahead of, and behind, the times of acceptance: turns a range of times into one of ids
  ahead         INTEGER NOT NULL,
  behind        INTEGER NOT NULL
);

INSERT INTO store_state VALUES (1, 0, 0, 0, 0, 0);
