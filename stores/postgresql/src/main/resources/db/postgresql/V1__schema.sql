-- Codes are those of the enums named in comments; times are milliseconds since 1970-01-01T00:00Z. Tables and columns
-- are the same as in the SQLite schema, except where a comment there says otherwise.
--
-- Every row of the engine has its merchant's id, so that the data can be sharded by merchant. The key is the id
-- alone: ids ascend, so inserts stay at the right edge of the index for any number of merchants, and an id generated
-- twice is rejected.

-- Accepted notifications. Never updated.
CREATE TABLE notification (
    id              bigint   NOT NULL CONSTRAINT notification_id PRIMARY KEY,
    merchant_id     bigint   NOT NULL,
    -- 0: the merchant's own URL.
    endpoint_id     bigint   NOT NULL,
    -- The first notification of its event; null: it is the first.
    event_id        bigint,
    -- The accepting transaction's xid8 plus feed_origin.added. Ascending in the order in which transactions started
    -- to write, so that all rows below the oldest running transaction can be listed without gaps.
    position        bigint   NOT NULL,
    created_at      bigint   NOT NULL,
    -- DeliveryKind: 0 notification, 1 channel_query
    kind            smallint NOT NULL,
    ordered         boolean  NOT NULL,
    url             text     NOT NULL,
    -- Given for this notification; else it is the receiver's at the time of acceptance.
    own_url         boolean  NOT NULL,
    order_no        text,
    event_type      text,
    -- Steps in milliseconds, comma-separated.
    ladder          text     NOT NULL,
    -- The ladder's name; null if the request gave steps.
    ladder_name     text,
    idempotency_key text,
    body_digest     bytea,
    -- Of the request, for traces; null: it had none.
    traceparent     text,
    payload         bytea    NOT NULL
) WITH (
    -- Payloads stay in the row up to nearly a page, because a TOAST lookup costs more than the longer row.
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_insert_scale_factor = 0.2
);
-- Compressing 4 KiB would cost more than everything else done for a notification.
ALTER TABLE notification ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX notification_idempotency ON notification (merchant_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX notification_feed ON notification (merchant_id, position, id);
CREATE INDEX notification_merchant ON notification (merchant_id, id);
CREATE INDEX notification_endpoint ON notification (endpoint_id, id) WHERE endpoint_id <> 0;
CREATE INDEX notification_event ON notification (merchant_id, event_id, id) WHERE event_id IS NOT NULL;
CREATE INDEX notification_order_no ON notification (order_no, id) WHERE order_no IS NOT NULL;

-- The delivery of a notification. Small rows, updated once or twice per attempt.
CREATE TABLE delivery (
    id              bigint   NOT NULL CONSTRAINT delivery_id PRIMARY KEY,
    merchant_id     bigint   NOT NULL,
    -- As in notification.
    endpoint_id     bigint   NOT NULL,
    next_attempt_at bigint,
    settled_at      bigint,
    wake_number     integer  NOT NULL,
    attempts_made   integer  NOT NULL,
    attempts_max    integer  NOT NULL,
    rung            smallint NOT NULL,
    -- DeliveryState: 0 waiting, 1 delivered, 2 exhausted, 3 cancelled
    state           smallint NOT NULL,
    -- WakeLocation: 0 queued, 1 held_by_bulkhead, 2 held_by_order, 3 deferred
    wake_location   smallint NOT NULL,
    -- DeliveryKind
    kind            smallint NOT NULL,
    may_repeat      boolean  NOT NULL,
    -- It holds back later deliveries of its order until it is delivered, exhausted, cancelled or resent.
    holds_order     boolean  NOT NULL,
    -- Both only if it was accepted as ordered.
    position        bigint,
    order_no        text,
    ladder_name     text,
    -- The channel account that is queried; null for a notification.
    channel         text,
    -- Where it goes, or went, where that is not notification.url: resent to another address, or the receiver's URL was changed.
    url             text,
    -- Attempts that the receiver asked to make later, and when it first did.
    throttled_count integer  NOT NULL,
    throttled_since bigint,
    -- Why it is held back (HoldReason), and since when; null if it is not.
    held_by         smallint,
    held_since      bigint,
    -- A user asked for the next attempt: it waits for no throttle and no rate.
    urgent          boolean  NOT NULL
) WITH (
    -- Every settlement leaves a dead row and dead index entries, which accumulate at the end of delivery_queued that
    -- the sweeper reads.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.05
);

CREATE INDEX delivery_queued ON delivery (next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL AND wake_location = 0; -- queued
CREATE INDEX delivery_held_by_bulkhead ON delivery (merchant_id, endpoint_id, next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL AND wake_location = 1 AND kind = 0; -- held_by_bulkhead, notification
CREATE INDEX delivery_held_by_channel ON delivery (channel, next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL AND wake_location = 1 AND kind <> 0; -- held_by_bulkhead, not a notification
CREATE INDEX delivery_held_by_order ON delivery (merchant_id, endpoint_id, order_no, position, id)
    WHERE next_attempt_at IS NOT NULL AND wake_location = 2; -- held_by_order
CREATE INDEX delivery_deferred ON delivery (next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL AND wake_location = 3; -- deferred
CREATE INDEX delivery_order ON delivery (merchant_id, endpoint_id, order_no, position, id) WHERE holds_order;
-- For searches. Nearly all notifications are delivered; those are found by the indexes on notification.
CREATE INDEX delivery_waiting ON delivery (id) WHERE state = 0 AND kind = 0; -- waiting, notification
CREATE INDEX delivery_waiting_of_merchant ON delivery (merchant_id, id) WHERE state = 0 AND kind = 0;
CREATE INDEX delivery_failed ON delivery (state, id) WHERE state IN (2, 3) AND kind = 0; -- exhausted, cancelled
CREATE INDEX delivery_failed_of_merchant ON delivery (merchant_id, state, id) WHERE state IN (2, 3) AND kind = 0;

-- No foreign key: both a settlement that inserts and the purge that deletes hold the delivery's row lock.
CREATE TABLE attempt (
    notification_id bigint   NOT NULL,
    id              bigint   NOT NULL,
    merchant_id     bigint   NOT NULL,
    due_at          bigint   NOT NULL,
    started_at      bigint   NOT NULL,
    number          integer  NOT NULL,
    duration_millis integer  NOT NULL,
    -- Outcome: 0 acknowledged, 1 declined, 2 timed_out, 3 unreachable, 4 refused, 5 throttled
    outcome         smallint NOT NULL,
    status          smallint,
    may_repeat      boolean  NOT NULL,
    superseded      boolean  NOT NULL,
    headers         text,
    body            bytea,
    error           text,
    -- How long it was held back, and why last (HoldReason); null if it was not.
    held_millis     integer,
    held_by         smallint,
    CONSTRAINT attempt_id PRIMARY KEY (notification_id, id)
) WITH (
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_insert_scale_factor = 0.2
);

-- Number of notifications by state, for waiting ones also by ladder and rung. A count is the sum over the slots; each
-- connection writes its own slot, so that transactions do not block each other.
CREATE TABLE notification_count (
    slot   smallint NOT NULL,
    state  smallint NOT NULL,
    rung   smallint NOT NULL,
    ladder text     NOT NULL,
    n      bigint   NOT NULL,
    CONSTRAINT notification_count_key PRIMARY KEY (slot, state, ladder, rung)
) WITH (fillfactor = 25);

-- The greatest attempt id; in slots for the same reason.
CREATE TABLE last_attempt (
    slot smallint NOT NULL CONSTRAINT last_attempt_slot PRIMARY KEY,
    id   bigint   NOT NULL
) WITH (fillfactor = 25);

-- The offset from this cluster's xid8 to positions: keeps positions ascending after a restore into a new cluster,
-- which counts its transactions from the beginning.
CREATE TABLE feed_origin (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT feed_origin_only_one PRIMARY KEY CHECK (only_one),
    cluster  bigint  NOT NULL,
    added    bigint  NOT NULL
);
INSERT INTO feed_origin (cluster, added) SELECT system_identifier, 0 FROM pg_control_system();

-- The maximum by which the time in an id was ahead of or behind its notification's creation, in ids, because clocks
-- were set back or differ between servers. A search by time, which scans ids, extends its range by this.
CREATE TABLE id_drift (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT id_drift_only_one PRIMARY KEY CHECK (only_one),
    ahead    bigint  NOT NULL,
    behind   bigint  NOT NULL
);
INSERT INTO id_drift (ahead, behind) VALUES (0, 0);

CREATE TABLE merchant (
    id                 bigint   NOT NULL CONSTRAINT merchant_id PRIMARY KEY,
    version            bigint   NOT NULL CONSTRAINT merchant_version UNIQUE,
    name               text     NOT NULL,
    notify_url         text,
    -- One of the two: a ladder's name, or steps in milliseconds, comma-separated.
    ladder_name        text,
    ladder             text,
    -- Acknowledgement; the dialect's name
    acknowledge        smallint NOT NULL,
    signing            text     NOT NULL,
    key_current        bytea    NOT NULL,
    key_public         text,
    -- Keys before rotations, oldest first: when each ends, a colon, the sealed key in base64; comma-separated.
    key_earlier        text,
    max_in_flight      integer  NOT NULL,
    paused             boolean  NOT NULL,
    timeout_millis     integer  NOT NULL,
    -- Attempts a second; null: no limit.
    rate               double precision,
    -- Static request headers: names, one a line, and the values in their order, sealed.
    header_names       text,
    header_values      bytea,
    signature_header   text,
    -- A private authority and a client certificate, PEM; its key, sealed.
    tls_ca             text,
    tls_cert           text,
    tls_key            bytea,
    -- Whether requests have the traceparent of the notification.
    trace_context      boolean  NOT NULL,
    -- Rows in endpoint.
    endpoint_count     integer  NOT NULL,
    -- The channel accounts that its payments may use, one a line; null: any.
    channels           text,
    -- How channels know it where a service provider takes its payments; the token sealed.
    sub_mchid          text,
    sub_appid          text,
    app_auth_token     bytea,
    deleted_at         bigint,
    created_at         bigint   NOT NULL,
    CONSTRAINT merchant_one_ladder CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
);

-- Further receivers of merchants. Columns as in merchant.
CREATE TABLE endpoint (
    id                 bigint   NOT NULL CONSTRAINT endpoint_id PRIMARY KEY,
    merchant_id        bigint   NOT NULL,
    name               text     NOT NULL,
    -- Event types, one a line; * at the end of one stands for any rest.
    events             text     NOT NULL,
    url                text     NOT NULL,
    ladder_name        text,
    ladder             text,
    acknowledge        smallint NOT NULL,
    signing            text     NOT NULL,
    key_current        bytea    NOT NULL,
    key_public         text,
    key_earlier        text,
    max_in_flight      integer  NOT NULL,
    paused             boolean  NOT NULL,
    timeout_millis     integer  NOT NULL,
    rate               double precision,
    header_names       text,
    header_values      bytea,
    signature_header   text,
    -- A private authority and a client certificate, PEM; its key, sealed.
    tls_ca             text,
    tls_cert           text,
    tls_key            bytea,
    -- Whether requests have the traceparent of the notification.
    trace_context      boolean  NOT NULL,
    created_at         bigint   NOT NULL,
    CONSTRAINT endpoint_one_ladder CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
);
CREATE INDEX endpoint_merchant ON endpoint (merchant_id, id);

-- A change of a merchant locks this row until commit, so that versions become visible in order and a cache that reads
-- the changes above its last version misses none. A sequence does not guarantee that.
CREATE TABLE merchant_versions (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT merchant_versions_only_one PRIMARY KEY CHECK (only_one),
    last     bigint  NOT NULL
);
INSERT INTO merchant_versions (last) VALUES (0);

-- Which servers are alive.
CREATE TABLE server (
    id      bigint NOT NULL CONSTRAINT server_id PRIMARY KEY,
    seen_at bigint NOT NULL
) WITH (fillfactor = 25);

-- Receivers that have asked some server to wait.
CREATE TABLE receiver_throttle (
    merchant_id     bigint NOT NULL,
    endpoint_id     bigint NOT NULL,
    throttled_until bigint NOT NULL,
    CONSTRAINT receiver_throttle_receiver PRIMARY KEY (merchant_id, endpoint_id)
) WITH (fillfactor = 25);

-- What alerts have to report: AlertKind, and how often since when.
CREATE TABLE alert (
    kind    smallint NOT NULL,
    subject text     NOT NULL,
    n       bigint   NOT NULL,
    since   bigint   NOT NULL,
    detail  text,
    CONSTRAINT alert_subject PRIMARY KEY (kind, subject)
) WITH (fillfactor = 25);

-- API keys of the server (merchant_id is null) and of merchants.
CREATE TABLE api_key (
    id           bigint   NOT NULL CONSTRAINT api_key_id PRIMARY KEY,
    merchant_id  bigint,
    digest       bytea    NOT NULL CONSTRAINT api_key_digest UNIQUE,
    hint         text     NOT NULL,
    name         text,
    -- Role: 0 operator, 1 viewer, 2 intake, 3 view, 4 manage
    role         smallint NOT NULL,
    -- Whether it is the key of --api-key or --viewer-key; only such a row stays when the key is revoked.
    from_setting boolean  NOT NULL,
    created_at   bigint   NOT NULL,
    expires_at   bigint,
    last_used_at bigint,
    revoked_at   bigint
);
CREATE INDEX api_key_merchant ON api_key (merchant_id, id);

-- Ladders saved by the operator.
CREATE TABLE ladder (
    name  text NOT NULL CONSTRAINT ladder_name PRIMARY KEY,
    steps text NOT NULL
);

CREATE TABLE meta (
    name  text NOT NULL CONSTRAINT meta_name PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE audit (
    id       bigint NOT NULL CONSTRAINT audit_id PRIMARY KEY,
    at       bigint NOT NULL,
    actor    text   NOT NULL,
    actor_id text,
    address  text,
    action   text   NOT NULL,
    target   text   NOT NULL,
    detail   text   NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_actor_id ON audit (actor_id, id);
CREATE INDEX audit_action ON audit (action, id);

CREATE TABLE payment (
    id                 bigint   NOT NULL CONSTRAINT payment_id PRIMARY KEY,
    merchant_id        bigint   NOT NULL,
    -- The delivery of its compensating query.
    query_id           bigint   NOT NULL,
    amount             bigint   NOT NULL,
    -- What was paid, and of that what refunds ask for and what went back; in minor units of the currency.
    amount_paid        bigint   NOT NULL,
    amount_refunding   bigint   NOT NULL DEFAULT 0,
    amount_refunded    bigint   NOT NULL DEFAULT 0,
    -- What the channel has paid out of refunds that had failed here.
    amount_refunded_after_failure bigint NOT NULL DEFAULT 0,
    created_at         bigint   NOT NULL,
    expires_at         bigint   NOT NULL,
    close_requested_at bigint,
    paid_at            bigint,
    -- Time of the last timeline entry; null before a final state, and after the timeline is deleted.
    timeline_until     bigint,
    version            integer  NOT NULL,
    -- PaymentState: 0 created, 1 paying, 2 succeeded, 3 failed, 4 closed
    state              smallint NOT NULL,
    out_trade_no       text     NOT NULL,
    currency           text     NOT NULL,
    subject            text     NOT NULL,
    channel            text     NOT NULL,
    notify_url         text,
    ladder             text     NOT NULL,
    ladder_name        text,
    channel_options    text,
    -- PaymentMethod
    method             smallint NOT NULL,
    return_url         text,
    payer_ip           text,
    payer_id           text,
    attach             text,
    -- SubMerchant: its number at the channel, and its app after a space; null: the account's own.
    sub_merchant       text,
    -- Of the request, for traces; null: it had none.
    traceparent        text,
    -- How the payer opens the order; the problem says why it is not placed, or failed.
    pay_url            text,
    pay_params         text,
    problem            text,
    channel_trade_no   text,
    request_digest     bytea    NOT NULL,
    CONSTRAINT payment_out_trade_no UNIQUE (out_trade_no, merchant_id)
);

CREATE INDEX payment_merchant ON payment (merchant_id, id);
CREATE INDEX payment_open ON payment (merchant_id)
    WHERE state IN (0, 1) OR amount_refunding > 0; -- created, paying
-- Most payments succeed; searches are for the others.
CREATE INDEX payment_state ON payment (state, id) WHERE state <> 2; -- succeeded
-- For lists by time of payment.
CREATE INDEX payment_paid ON payment (paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX payment_channel_trade_no ON payment (channel_trade_no) WHERE channel_trade_no IS NOT NULL;
CREATE INDEX payment_attach ON payment (attach) WHERE attach IS NOT NULL;
CREATE INDEX payment_timeline ON payment (timeline_until, id) WHERE timeline_until IS NOT NULL;

CREATE TABLE payment_event (
    id          bigint   NOT NULL CONSTRAINT payment_event_id PRIMARY KEY,
    payment_id  bigint   NOT NULL,
    merchant_id bigint   NOT NULL,
    -- Of a line about a refund.
    refund_id   bigint,
    at          bigint   NOT NULL,
    -- ChangeSource
    source      smallint NOT NULL,
    -- PaymentState
    state       smallint,
    detail      text     NOT NULL,
    answer      text
);
CREATE INDEX payment_event_payment ON payment_event (payment_id, id);

CREATE TABLE refund (
    id                bigint   NOT NULL CONSTRAINT refund_id PRIMARY KEY,
    payment_id        bigint   NOT NULL,
    merchant_id       bigint   NOT NULL,
    -- The delivery that is its compensating query; null for one made at the channel.
    query_id          bigint,
    amount            bigint   NOT NULL,
    created_at        bigint   NOT NULL,
    requested_at      bigint,
    accepted_at       bigint,
    refunded_at       bigint,
    version           integer  NOT NULL,
    -- The channel has paid it out though it had failed here.
    refunded_after_failure boolean  NOT NULL DEFAULT false,
    -- RefundState: 0 processing, 1 succeeded, 2 failed
    state             smallint NOT NULL,
    out_trade_no      text     NOT NULL,
    -- One of the two: the merchant's number, or the channel's for one made there.
    out_refund_no     text,
    channel_number    text,
    currency          text     NOT NULL,
    channel           text     NOT NULL,
    reason            text,
    notify_url        text,
    ladder            text     NOT NULL,
    ladder_name       text,
    channel_refund_no text,
    failure           text,
    -- Who asked, and who approved it; null if it needs no approval.
    approval_asked_by text,
    approval_asked_by_id text,
    approved_by       text,
    approved_at       bigint,
    request_digest    bytea    NOT NULL,
    CONSTRAINT refund_one_number CHECK ((out_refund_no IS NULL) <> (channel_number IS NULL))
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
    id             bigint  NOT NULL CONSTRAINT payment_callback_id PRIMARY KEY,
    received_at    bigint  NOT NULL,
    -- Both only if the payment is known.
    merchant_id    bigint,
    payment_id     bigint,
    -- Only for a callback with an unknown order number.
    discrepancy_id bigint,
    verified       boolean NOT NULL,
    channel        text    NOT NULL,
    verdict        text    NOT NULL,
    headers        text    NOT NULL,
    -- SHA-256 of the body; of an unverified callback, of its cause and sender
    digest         bytea   NOT NULL,
    body           bytea   NOT NULL
);
CREATE UNIQUE INDEX payment_callback_verified ON payment_callback (channel, digest) WHERE verified;
CREATE INDEX payment_callback_unverified ON payment_callback (channel, id) WHERE NOT verified;
CREATE INDEX payment_callback_payment ON payment_callback (payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_callback_orphan ON payment_callback (id) WHERE discrepancy_id IS NOT NULL;
CREATE INDEX payment_callback_discrepancy ON payment_callback (discrepancy_id) WHERE discrepancy_id IS NOT NULL;

-- Belongs to a channel account like its callback; and to a merchant's payment if that is known.
CREATE TABLE discrepancy (
    id          bigint   NOT NULL CONSTRAINT discrepancy_id PRIMARY KEY,
    merchant_id bigint,
    payment_id  bigint,
    created_at  bigint   NOT NULL,
    resolved_at bigint,
    -- DiscrepancyKind
    kind        smallint NOT NULL,
    channel     text     NOT NULL,
    subject     text     NOT NULL,
    detail      text     NOT NULL,
    resolution  text,
    resolved_by text,
    -- Acceptance: how it is to be settled, once another person approves; or how it was.
    acceptance  smallint,
    request_note text,
    requested_by text,
    requested_by_id text,
    requested_at bigint,
    -- Acceptance: how it is being settled now, and when that counts as interrupted.
    settling    smallint,
    settling_until bigint NOT NULL DEFAULT 0,
    CONSTRAINT discrepancy_subject UNIQUE (channel, subject, kind)
);
CREATE INDEX discrepancy_open ON discrepancy (id) WHERE resolved_at IS NULL;
-- For approvals.
CREATE INDEX discrepancy_waiting ON discrepancy (id) WHERE resolved_at IS NULL AND acceptance IS NOT NULL;
CREATE INDEX discrepancy_payment ON discrepancy (payment_id) WHERE payment_id IS NOT NULL;

-- The comparison of one bill, a day and channel account.
CREATE TABLE reconciliation (
    id          bigint NOT NULL CONSTRAINT reconciliation_id PRIMARY KEY,
    channel     text NOT NULL,
    -- Days since 1970-01-01.
    day         integer NOT NULL,
    created_at  bigint NOT NULL,
    -- A server compares it, or waits to repeat that, until then.
    taken_until bigint NOT NULL,
    finished_at bigint,
    problem     text,
    report      text,
    suspended   text,
    CONSTRAINT reconciliation_day UNIQUE (channel, day)
);

-- Number of payments by state; in slots, like notification_count.
CREATE TABLE payment_count (
    slot  smallint NOT NULL,
    state smallint NOT NULL,
    n     bigint   NOT NULL,
    CONSTRAINT payment_count_key PRIMARY KEY (slot, state)
) WITH (fillfactor = 25);

-- The simulated bank's ledger, which survives a crash of Rung.
CREATE TABLE simulated_order (
    number         text    NOT NULL CONSTRAINT simulated_order_number PRIMARY KEY,
    token          text    NOT NULL CONSTRAINT simulated_order_token UNIQUE,
    trade_no       text    NOT NULL,
    amount         bigint  NOT NULL,
    currency       text    NOT NULL,
    subject        text    NOT NULL,
    notify_url     text    NOT NULL,
    placed_at      bigint  NOT NULL,
    expires_at     bigint  NOT NULL,
    outcome        integer,
    callback       integer NOT NULL,
    callback_delay bigint  NOT NULL,
    answers        boolean NOT NULL,
    state          integer NOT NULL,
    settled_at     bigint,
    callbacks      integer NOT NULL,
    acknowledged   boolean NOT NULL,
    due_at         bigint,
    version        integer NOT NULL,
    -- The order whose money goes back; null for an order.
    refund_of      text,
    -- BankBehavior.BillLine
    bill           integer NOT NULL
);

CREATE INDEX simulated_order_refund ON simulated_order (refund_of) WHERE refund_of IS NOT NULL;
CREATE INDEX simulated_order_due ON simulated_order (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX simulated_order_expires ON simulated_order (expires_at);
