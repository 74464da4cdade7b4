-- Codes are those of the enums named in comments; times are milliseconds since 1970-01-01T00:00Z. Tables and columns
-- are named as in PostgreSQL; comments mark the differences.

-- Accepted notifications. Never updated. Keyed by the order of acceptance: new rows are appended, and searches scan
-- backwards from the end. The delivery has the position.
CREATE TABLE notification (
  position        INTEGER PRIMARY KEY,
  id              INTEGER NOT NULL,
  merchant_id     INTEGER NOT NULL,
  -- 0: the merchant's own URL.
  endpoint_id     INTEGER NOT NULL,
  -- The first notification of its event; null: it is the first.
  event_id        INTEGER,
  created_at      INTEGER NOT NULL,
  -- DeliveryKind: 0 notification, 1 channel_query
  kind            INTEGER NOT NULL,
  ordered         INTEGER NOT NULL,
  url             TEXT    NOT NULL,
  -- Given for this notification; else it is the receiver's at the time of acceptance.
  own_url         INTEGER NOT NULL,
  order_no        TEXT,
  event_type      TEXT,
  -- Steps in milliseconds, comma-separated.
  ladder          TEXT    NOT NULL,
  -- The ladder's name; null if the request gave steps.
  ladder_name     TEXT,
  idempotency_key TEXT,
  body_digest     BLOB,
  -- Of the request, for traces; null: it had none.
  traceparent     TEXT,
  -- last column, so that reading the others does not read the overflow pages of a large row
  payload         BLOB    NOT NULL
);

CREATE UNIQUE INDEX notification_idempotency ON notification (merchant_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX notification_endpoint ON notification (endpoint_id, position) WHERE endpoint_id <> 0;
CREATE INDEX notification_event ON notification (merchant_id, event_id) WHERE event_id IS NOT NULL;

-- The delivery of a notification. Narrow rows, about seventy per page, so that an update does not rewrite the payload.
CREATE TABLE delivery (
  id              INTEGER PRIMARY KEY,
  merchant_id     INTEGER NOT NULL,
  -- As in notification.
  endpoint_id     INTEGER NOT NULL,
  next_attempt_at INTEGER,
  settled_at      INTEGER,
  wake_number     INTEGER NOT NULL,
  attempts_made   INTEGER NOT NULL,
  attempts_max    INTEGER NOT NULL,
  rung            INTEGER NOT NULL,
  -- DeliveryState: 0 waiting, 1 delivered, 2 exhausted, 3 cancelled
  state           INTEGER NOT NULL,
  -- WakeLocation: 0 queued, 1 held_by_bulkhead, 2 held_by_order, 3 deferred
  wake_location   INTEGER NOT NULL,
  -- DeliveryKind
  kind            INTEGER NOT NULL,
  may_repeat      INTEGER NOT NULL,
  -- It holds back later deliveries of its order until it is delivered, exhausted, cancelled or resent.
  holds_order     INTEGER NOT NULL,
  -- For every delivery, not only for ordered ones as in PostgreSQL.
  position        INTEGER NOT NULL,
  -- Only if it was accepted as ordered.
  order_no        TEXT,
  ladder_name     TEXT,
  -- The channel account that is queried; null for a notification.
  channel         TEXT,
  -- Where it goes, or went, where that is not notification.url: resent to another address, or the receiver's URL was changed.
  url             TEXT,
  -- Attempts that the receiver asked to make later, and when it first did.
  throttled_count INTEGER NOT NULL,
  throttled_since INTEGER,
  -- Why it is held back (HoldReason), and since when; null if it is not.
  held_by         INTEGER,
  held_since      INTEGER,
  -- A user asked for the next attempt: it waits for no throttle and no rate.
  urgent          INTEGER NOT NULL,
  -- SQLite only: whether it is in the index delivery_waiting. Set by the search index, by which time most have been
  -- delivered.
  listed          INTEGER NOT NULL
);

-- The only secondary index with an entry for every delivery. The others are partial indexes for the exceptions.
CREATE INDEX delivery_queued ON delivery (next_attempt_at)
  WHERE wake_location = 0 AND next_attempt_at IS NOT NULL; -- queued
CREATE INDEX delivery_held_by_bulkhead ON delivery (merchant_id, endpoint_id, next_attempt_at)
  WHERE wake_location = 1 AND kind = 0 AND next_attempt_at IS NOT NULL; -- held_by_bulkhead, notification
CREATE INDEX delivery_held_by_channel ON delivery (channel, next_attempt_at)
  WHERE wake_location = 1 AND kind <> 0 AND next_attempt_at IS NOT NULL; -- held_by_bulkhead, not a notification
CREATE INDEX delivery_held_by_order ON delivery (position)
  WHERE wake_location = 2 AND next_attempt_at IS NOT NULL; -- held_by_order
CREATE INDEX delivery_deferred ON delivery (next_attempt_at)
  WHERE wake_location = 3 AND next_attempt_at IS NOT NULL; -- deferred
CREATE INDEX delivery_order ON delivery (merchant_id, endpoint_id, order_no, position) WHERE holds_order = 1;
CREATE INDEX delivery_failed ON delivery (state, position, merchant_id)
  WHERE state IN (2, 3) AND kind = 0; -- exhausted, cancelled; notification
CREATE INDEX delivery_waiting ON delivery (position, merchant_id) WHERE state = 0 AND listed = 1; -- waiting

CREATE TABLE attempt (
  notification_id INTEGER NOT NULL,
  id              INTEGER NOT NULL,
  merchant_id     INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  started_at      INTEGER NOT NULL,
  number          INTEGER NOT NULL,
  duration_millis INTEGER NOT NULL,
  -- Outcome: 0 acknowledged, 1 declined, 2 timed_out, 3 unreachable, 4 refused, 5 throttled
  outcome         INTEGER NOT NULL,
  status          INTEGER,
  may_repeat      INTEGER NOT NULL,
  superseded      INTEGER NOT NULL,
  headers         TEXT,
  body            BLOB,
  error           TEXT,
  -- How long it was held back, and why last (HoldReason); null if it was not.
  held_millis     INTEGER,
  held_by         INTEGER,
  PRIMARY KEY (notification_id, id)
) WITHOUT ROWID;

-- SQLite only: the search tables, written in the background in the order of acceptance, up to store_state.horizon. As
-- indexes they would cost more than the notification itself.
CREATE TABLE notification_by_merchant (
  merchant_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, position)
) WITHOUT ROWID;

CREATE TABLE notification_by_order_no (
  order_no TEXT    NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (order_no, position)
) WITHOUT ROWID;

-- Number of notifications by state, for waiting ones also by ladder and rung.
CREATE TABLE notification_count (
  state  INTEGER NOT NULL,
  rung   INTEGER NOT NULL,
  ladder TEXT    NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (state, ladder, rung)
) WITHOUT ROWID;

-- SQLite only. One row.
CREATE TABLE store_state (
  only_one      INTEGER PRIMARY KEY CHECK (only_one = 1),
  last_id       INTEGER NOT NULL,
  last_position INTEGER NOT NULL,
  horizon       INTEGER NOT NULL,
  -- The maximum by which ids were ahead of or behind the times of acceptance: converts a range of times into one of
  -- ids.
  ahead         INTEGER NOT NULL,
  behind        INTEGER NOT NULL
);
INSERT INTO store_state VALUES (1, 0, 0, 0, 0, 0);

CREATE TABLE merchant (
  id                 INTEGER PRIMARY KEY,
  version            INTEGER NOT NULL UNIQUE,
  name               TEXT    NOT NULL,
  notify_url         TEXT,
  -- One of the two: a ladder's name, or steps in milliseconds, comma-separated.
  ladder_name        TEXT,
  ladder             TEXT,
  -- Acknowledgement; the dialect's name
  acknowledge        INTEGER NOT NULL,
  signing            TEXT    NOT NULL,
  key_current        BLOB    NOT NULL,
  key_public         TEXT,
  -- Keys before rotations, oldest first: when each ends, a colon, the sealed key in base64; comma-separated.
  key_earlier        TEXT,
  max_in_flight      INTEGER NOT NULL,
  paused             INTEGER NOT NULL,
  timeout_millis     INTEGER NOT NULL,
  -- Attempts a second; null: no limit.
  rate               REAL,
  -- Static request headers: names, one a line, and the values in their order, sealed.
  header_names       TEXT,
  header_values      BLOB,
  signature_header   TEXT,
  -- A private authority and a client certificate, PEM; its key, sealed.
  tls_ca             TEXT,
  tls_cert           TEXT,
  tls_key            BLOB,
  -- Whether requests have the traceparent of the notification.
  trace_context      INTEGER NOT NULL,
  -- Rows in endpoint.
  endpoint_count     INTEGER NOT NULL,
  -- The channel accounts that its payments may use, one a line; null: any.
  channels           TEXT,
  -- How channels know it where a service provider takes its payments; the token sealed.
  sub_mchid          TEXT,
  sub_appid          TEXT,
  app_auth_token     BLOB,
  deleted_at         INTEGER,
  created_at         INTEGER NOT NULL,
  CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
);

-- Further receivers of merchants. Columns as in merchant.
CREATE TABLE endpoint (
  id                 INTEGER PRIMARY KEY,
  merchant_id        INTEGER NOT NULL,
  name               TEXT    NOT NULL,
  -- Event types, one a line; * at the end of one stands for any rest.
  events             TEXT    NOT NULL,
  url                TEXT    NOT NULL,
  ladder_name        TEXT,
  ladder             TEXT,
  acknowledge        INTEGER NOT NULL,
  signing            TEXT    NOT NULL,
  key_current        BLOB    NOT NULL,
  key_public         TEXT,
  key_earlier        TEXT,
  max_in_flight      INTEGER NOT NULL,
  paused             INTEGER NOT NULL,
  timeout_millis     INTEGER NOT NULL,
  rate               REAL,
  header_names       TEXT,
  header_values      BLOB,
  signature_header   TEXT,
  -- A private authority and a client certificate, PEM; its key, sealed.
  tls_ca             TEXT,
  tls_cert           TEXT,
  tls_key            BLOB,
  -- Whether requests have the traceparent of the notification.
  trace_context      INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
);
CREATE INDEX endpoint_merchant ON endpoint (merchant_id, id);

-- Which servers are alive.
CREATE TABLE server (
  id      INTEGER PRIMARY KEY,
  seen_at INTEGER NOT NULL
);

-- Receivers that have asked some server to wait.
CREATE TABLE receiver_throttle (
  merchant_id     INTEGER NOT NULL,
  endpoint_id     INTEGER NOT NULL,
  throttled_until INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, endpoint_id)
) WITHOUT ROWID;

-- What alerts have to report: AlertKind, and how often since when.
CREATE TABLE alert (
  kind    INTEGER NOT NULL,
  subject TEXT    NOT NULL,
  n       INTEGER NOT NULL,
  since   INTEGER NOT NULL,
  detail  TEXT,
  PRIMARY KEY (kind, subject)
) WITHOUT ROWID;

-- API keys of the server (merchant_id is null) and of merchants.
CREATE TABLE api_key (
  id           INTEGER PRIMARY KEY,
  merchant_id  INTEGER,
  digest       BLOB    NOT NULL UNIQUE,
  hint         TEXT    NOT NULL,
  name         TEXT,
  -- Role: 0 operator, 1 viewer, 2 intake, 3 view, 4 manage
  role         INTEGER NOT NULL,
  -- Whether it is the key of --api-key or --viewer-key; only such a row stays when the key is revoked.
  from_setting INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
);
CREATE INDEX api_key_merchant ON api_key (merchant_id, id);

-- Ladders saved by the operator.
CREATE TABLE ladder (
  name  TEXT PRIMARY KEY,
  steps TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL,
  actor_id TEXT,
  address  TEXT,
  action   TEXT    NOT NULL,
  target   TEXT    NOT NULL,
  detail   TEXT    NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_actor_id ON audit (actor_id, id);
CREATE INDEX audit_action ON audit (action, id);

CREATE TABLE payment (
  id                 INTEGER PRIMARY KEY,
  merchant_id        INTEGER NOT NULL,
  -- The delivery of its compensating query.
  query_id           INTEGER NOT NULL,
  amount             INTEGER NOT NULL,
  -- What was paid, and of that what refunds ask for and what went back; in minor units of the currency.
  amount_paid        INTEGER NOT NULL,
  amount_refunding   INTEGER NOT NULL DEFAULT 0,
  amount_refunded    INTEGER NOT NULL DEFAULT 0,
  -- What the channel has paid out of refunds that had failed here.
  amount_refunded_after_failure INTEGER NOT NULL DEFAULT 0,
  created_at         INTEGER NOT NULL,
  expires_at         INTEGER NOT NULL,
  close_requested_at INTEGER,
  paid_at            INTEGER,
  -- Time of the last timeline entry; null before a final state, and after the timeline is deleted.
  timeline_until     INTEGER,
  version            INTEGER NOT NULL,
  -- PaymentState: 0 created, 1 paying, 2 succeeded, 3 failed, 4 closed
  state              INTEGER NOT NULL,
  out_trade_no       TEXT    NOT NULL,
  currency           TEXT    NOT NULL,
  subject            TEXT    NOT NULL,
  channel            TEXT    NOT NULL,
  notify_url         TEXT,
  ladder             TEXT    NOT NULL,
  ladder_name        TEXT,
  channel_options    TEXT,
  -- PaymentMethod
  method             INTEGER NOT NULL,
  return_url         TEXT,
  payer_ip           TEXT,
  payer_id           TEXT,
  attach             TEXT,
  -- SubMerchant: its number at the channel, and its app after a space; null: the account's own.
  sub_merchant       TEXT,
  -- Of the request, for traces; null: it had none.
  traceparent        TEXT,
  -- How the payer opens the order; the problem says why it is not placed, or failed.
  pay_url            TEXT,
  pay_params         TEXT,
  problem            TEXT,
  channel_trade_no   TEXT,
  request_digest     BLOB    NOT NULL,
  UNIQUE (out_trade_no, merchant_id)
);

CREATE INDEX payment_merchant ON payment (merchant_id, id);
CREATE INDEX payment_open ON payment (merchant_id)
    WHERE state IN (0, 1) OR amount_refunding > 0; -- created, paying
-- Most payments succeed; searches are for the others.
CREATE INDEX payment_state ON payment (state, id) WHERE state <> 2; -- succeeded
-- For lists by time of payment: entries are ordered by paid_at and id.
CREATE INDEX payment_paid ON payment (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX payment_channel_trade_no ON payment (channel_trade_no) WHERE channel_trade_no IS NOT NULL;
CREATE INDEX payment_attach ON payment (attach) WHERE attach IS NOT NULL;
CREATE INDEX payment_timeline ON payment (timeline_until) WHERE timeline_until IS NOT NULL;

CREATE TABLE payment_event (
  payment_id  INTEGER NOT NULL,
  id          INTEGER NOT NULL,
  merchant_id INTEGER NOT NULL,
  -- Of a line about a refund.
  refund_id   INTEGER,
  at          INTEGER NOT NULL,
  -- ChangeSource
  source      INTEGER NOT NULL,
  -- PaymentState
  state       INTEGER,
  detail      TEXT    NOT NULL,
  answer      TEXT,
  PRIMARY KEY (payment_id, id)
) WITHOUT ROWID;

CREATE TABLE refund (
  id                INTEGER PRIMARY KEY,
  payment_id        INTEGER NOT NULL,
  merchant_id       INTEGER NOT NULL,
  -- The delivery that is its compensating query; null for one made at the channel.
  query_id          INTEGER,
  amount            INTEGER NOT NULL,
  created_at        INTEGER NOT NULL,
  requested_at      INTEGER,
  accepted_at       INTEGER,
  refunded_at       INTEGER,
  version           INTEGER NOT NULL,
  -- The channel has paid it out though it had failed here.
  refunded_after_failure INTEGER NOT NULL DEFAULT 0,
  -- RefundState: 0 processing, 1 succeeded, 2 failed
  state             INTEGER NOT NULL,
  out_trade_no      TEXT    NOT NULL,
  -- One of the two: the merchant's number, or the channel's for one made there.
  out_refund_no     TEXT,
  channel_number    TEXT,
  currency          TEXT    NOT NULL,
  channel           TEXT    NOT NULL,
  reason            TEXT,
  notify_url        TEXT,
  ladder            TEXT    NOT NULL,
  ladder_name       TEXT,
  channel_refund_no TEXT,
  failure           TEXT,
  -- Who asked, and who approved it; null if it needs no approval.
  approval_asked_by TEXT,
  approval_asked_by_id TEXT,
  approved_by       TEXT,
  approved_at       INTEGER,
  request_digest    BLOB    NOT NULL,
  CHECK ((out_refund_no IS NULL) <> (channel_number IS NULL))
);
CREATE UNIQUE INDEX refund_out_refund_no ON refund (out_refund_no, merchant_id) WHERE out_refund_no IS NOT NULL;
CREATE UNIQUE INDEX refund_channel_number ON refund (channel_number, payment_id) WHERE channel_number IS NOT NULL;
CREATE INDEX refund_payment ON refund (payment_id, id);
-- For the comparison with bills.
CREATE INDEX refund_refunded ON refund (refunded_at, id) WHERE refunded_at IS NOT NULL;
-- RefundState: 0 processing
CREATE INDEX refund_waiting ON refund (id) WHERE state = 0 AND approved_at IS NULL AND approval_asked_by IS NOT NULL;

-- Callbacks. They belong to the operator's channel account until their payment is known.
CREATE TABLE payment_callback (
  id             INTEGER PRIMARY KEY,
  received_at    INTEGER NOT NULL,
  -- Both only if the payment is known.
  merchant_id    INTEGER,
  payment_id     INTEGER,
  -- Only for a callback with an unknown order number.
  discrepancy_id INTEGER,
  verified       INTEGER NOT NULL,
  channel        TEXT    NOT NULL,
  verdict        TEXT    NOT NULL,
  headers        TEXT    NOT NULL,
  -- SHA-256 of the body; of an unverified callback, of its cause and sender
  digest         BLOB    NOT NULL,
  body           BLOB    NOT NULL
);

CREATE UNIQUE INDEX payment_callback_verified ON payment_callback (channel, digest) WHERE verified = 1;
CREATE INDEX payment_callback_unverified ON payment_callback (channel, id) WHERE verified = 0;
CREATE INDEX payment_callback_payment ON payment_callback (payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_callback_orphan ON payment_callback (id, discrepancy_id) WHERE discrepancy_id IS NOT NULL;
CREATE INDEX payment_callback_discrepancy ON payment_callback (discrepancy_id) WHERE discrepancy_id IS NOT NULL;

-- Belongs to a channel account like its callback; and to a merchant's payment if that is known.
CREATE TABLE discrepancy (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER,
  payment_id  INTEGER,
  created_at  INTEGER NOT NULL,
  resolved_at INTEGER,
  -- DiscrepancyKind
  kind        INTEGER NOT NULL,
  channel     TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  detail      TEXT    NOT NULL,
  resolution  TEXT,
  resolved_by TEXT,
  -- Acceptance: how it is to be settled, once another person approves; or how it was.
  acceptance  INTEGER,
  request_note TEXT,
  requested_by TEXT,
  requested_by_id TEXT,
  requested_at INTEGER,
  -- Acceptance: how it is being settled now, and when that counts as interrupted.
  settling    INTEGER,
  settling_until INTEGER NOT NULL DEFAULT 0,
  UNIQUE (channel, subject, kind)
);
CREATE INDEX discrepancy_open ON discrepancy (id) WHERE resolved_at IS NULL;
-- For approvals.
CREATE INDEX discrepancy_waiting ON discrepancy (id) WHERE resolved_at IS NULL AND acceptance IS NOT NULL;
CREATE INDEX discrepancy_payment ON discrepancy (payment_id) WHERE payment_id IS NOT NULL;

-- The comparison of one bill, a day and channel account.
CREATE TABLE reconciliation (
  id          INTEGER PRIMARY KEY,
  channel     TEXT NOT NULL,
  -- Days since 1970-01-01.
  day         INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  -- A server compares it, or waits to repeat that, until then.
  taken_until INTEGER NOT NULL,
  finished_at INTEGER,
  problem     TEXT,
  report      TEXT,
  suspended   TEXT,
  UNIQUE (channel, day)
);

-- Number of payments by state.
CREATE TABLE payment_count (
  state INTEGER PRIMARY KEY,
  n     INTEGER NOT NULL
);

-- The simulated bank's ledger, which survives a crash of Rung.
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
  acknowledged   INTEGER NOT NULL,
  due_at         INTEGER,
  version        INTEGER NOT NULL,
  -- The order whose money goes back; null for an order.
  refund_of      TEXT,
  -- BankBehavior.BillLine
  bill           INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX simulated_order_refund ON simulated_order (refund_of) WHERE refund_of IS NOT NULL;
CREATE INDEX simulated_order_due ON simulated_order (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX simulated_order_expires ON simulated_order (expires_at);
