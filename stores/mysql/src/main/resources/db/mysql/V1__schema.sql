-- Codes are those of the enums named in comments; times are milliseconds since 1970-01-01T00:00Z. Tables and columns
-- are the same as in the PostgreSQL schema, except where a comment here says otherwise.
--
-- Text that is compared is varbinary (UTF-8): compared by its bytes, with case and trailing spaces, on MySQL and on
-- MariaDB, whose collations of that kind have different names.
--
-- There are no partial indexes. A generated column that is null for the other rows stands in for the condition: entries
-- of null are appended at one end of the index, and are cheap.
--
-- DDL is not transactional: each statement can be repeated after a migration that was cut off.

-- Accepted notifications. Never updated.
CREATE TABLE IF NOT EXISTS notification (
    id              bigint         NOT NULL PRIMARY KEY,
    merchant_id     bigint         NOT NULL,
    -- 0: the merchant's own URL.
    endpoint_id     bigint         NOT NULL,
    -- The first notification of its event; null: it is the first.
    event_id        bigint,
    -- See feed_slot.
    position        bigint         NOT NULL,
    created_at      bigint         NOT NULL,
    -- DeliveryKind: 0 notification, 1 channel_query
    kind            smallint       NOT NULL,
    ordered         boolean        NOT NULL,
    url             text           NOT NULL,
    -- Given for this notification; else it is the receiver's at the time of acceptance.
    own_url         boolean        NOT NULL,
    order_no        varbinary(256),
    event_type      varbinary(256),
    -- Steps in milliseconds, comma-separated.
    ladder          text           NOT NULL,
    -- The ladder's name; null if the request gave steps.
    ladder_name     varbinary(256),
    idempotency_key varbinary(1024),
    body_digest     varbinary(32),
    -- Of the request, for traces; null: it had none.
    traceparent     varbinary(64),
    payload         mediumblob     NOT NULL,
    key_merchant    bigint GENERATED ALWAYS AS (CASE WHEN idempotency_key IS NULL THEN NULL ELSE merchant_id END) STORED,
    any_endpoint    bigint GENERATED ALWAYS AS (CASE WHEN endpoint_id <> 0 THEN endpoint_id END) STORED,
    UNIQUE KEY notification_idempotency (key_merchant, idempotency_key),
    KEY notification_feed (merchant_id, position),
    KEY notification_merchant (merchant_id, id),
    KEY notification_order_no (order_no, id),
    KEY notification_endpoint (any_endpoint, id),
    KEY notification_event (event_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The delivery of a notification. Small rows, updated once or twice per attempt.
CREATE TABLE IF NOT EXISTS delivery (
    id              bigint         NOT NULL PRIMARY KEY,
    merchant_id     bigint         NOT NULL,
    -- As in notification.
    endpoint_id     bigint         NOT NULL,
    next_attempt_at bigint,
    settled_at      bigint,
    wake_number     int            NOT NULL,
    attempts_made   int            NOT NULL,
    attempts_max    int            NOT NULL,
    rung            smallint       NOT NULL,
    -- DeliveryState: 0 waiting, 1 delivered, 2 exhausted, 3 cancelled
    state           smallint       NOT NULL,
    -- WakeLocation: 0 queued, 1 held_by_bulkhead, 2 held_by_order, 3 deferred
    wake_location   smallint       NOT NULL,
    -- DeliveryKind
    kind            smallint       NOT NULL,
    may_repeat      boolean        NOT NULL,
    -- It holds back later deliveries of its order until it is delivered, exhausted, cancelled or resent.
    holds_order     boolean        NOT NULL,
    -- Both only if it was accepted as ordered.
    position        bigint,
    order_no        varbinary(256),
    ladder_name     varbinary(256),
    -- The channel account that is queried; null for a notification.
    channel         varbinary(256),
    -- Where it goes, or went, where that is not notification.url: resent to another address, or the receiver's URL was changed.
    url             text,
    -- Attempts that the receiver asked to make later, and when it first did.
    throttled_count int            NOT NULL,
    throttled_since bigint,
    -- Why it is held back (HoldReason), and since when; null if it is not.
    held_by         smallint,
    held_since      bigint,
    -- A user asked for the next attempt: it waits for no throttle and no rate.
    urgent          boolean        NOT NULL,
    -- Each null unless it waits for a slot of its receiver or channel account: held_by_bulkhead.
    held_merchant   bigint GENERATED ALWAYS AS (CASE WHEN wake_location = 1 AND kind = 0 AND next_attempt_at IS NOT NULL THEN merchant_id END) STORED,
    held_endpoint   bigint GENERATED ALWAYS AS (CASE WHEN wake_location = 1 AND kind = 0 AND next_attempt_at IS NOT NULL THEN endpoint_id END) STORED,
    held_channel    varbinary(256) GENERATED ALWAYS AS (CASE WHEN wake_location = 1 AND kind <> 0 AND next_attempt_at IS NOT NULL THEN channel END) STORED,
    held_due        bigint GENERATED ALWAYS AS (CASE WHEN wake_location = 1 THEN next_attempt_at END) STORED,
    holds_order_of  bigint GENERATED ALWAYS AS (CASE WHEN holds_order THEN merchant_id END) STORED,
    -- For searches, null unless exhausted or cancelled. Most notifications are delivered at once: an index with the waiting
    -- ones would be written twice for each.
    failed_state    smallint GENERATED ALWAYS AS (CASE WHEN kind = 0 AND state IN (2, 3) THEN state END) STORED,
    failed_merchant bigint GENERATED ALWAYS AS (CASE WHEN kind = 0 AND state IN (2, 3) THEN merchant_id END) STORED,
    -- Also for searches for waiting ones.
    KEY delivery_due (wake_location, next_attempt_at, id, merchant_id, kind),
    KEY delivery_held_by_bulkhead (held_merchant, held_endpoint, held_due, id),
    KEY delivery_held_by_channel (held_channel, held_due, id),
    KEY delivery_order (holds_order_of, endpoint_id, order_no, position, id),
    KEY delivery_failed (failed_state, id),
    KEY delivery_failed_of_merchant (failed_merchant, failed_state, id),
    KEY delivery_settled (settled_at, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- No foreign key: both a settlement that inserts and the purge that deletes hold the delivery's row lock.
CREATE TABLE IF NOT EXISTS attempt (
    notification_id bigint     NOT NULL,
    id              bigint     NOT NULL,
    merchant_id     bigint     NOT NULL,
    due_at          bigint     NOT NULL,
    started_at      bigint     NOT NULL,
    number          int        NOT NULL,
    duration_millis int        NOT NULL,
    -- Outcome: 0 acknowledged, 1 declined, 2 timed_out, 3 unreachable, 4 refused, 5 throttled
    outcome         smallint   NOT NULL,
    status          smallint,
    may_repeat      boolean    NOT NULL,
    superseded      boolean    NOT NULL,
    headers         mediumtext,
    body            mediumblob,
    error           mediumtext,
    -- How long it was held back, and why last (HoldReason); null if it was not.
    held_millis     int,
    held_by         smallint,
    PRIMARY KEY (notification_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Number of notifications by state, for waiting ones also by ladder and rung. A count is the sum over the slots; each
-- connection writes its own slot, so that transactions do not block each other.
CREATE TABLE IF NOT EXISTS notification_count (
    slot   smallint       NOT NULL,
    state  smallint       NOT NULL,
    rung   smallint       NOT NULL,
    ladder varbinary(256) NOT NULL,
    n      bigint         NOT NULL,
    PRIMARY KEY (slot, state, ladder, rung)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The greatest attempt id; in slots for the same reason.
CREATE TABLE IF NOT EXISTS last_attempt (
    slot smallint NOT NULL PRIMARY KEY,
    id   bigint   NOT NULL
) ENGINE = InnoDB;

-- Gives accepted notifications their positions. A transaction that accepts locks a free slot until it commits, and its
-- position is one more than the greatest committed one. So a position below the last one of every locked slot can no
-- longer be given to anything, and the list of events up to there is complete.
CREATE TABLE IF NOT EXISTS feed_slot (
    slot smallint NOT NULL PRIMARY KEY,
    last bigint   NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO feed_slot (slot, last) VALUES
    (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (13, 0),
    (14, 0), (15, 0), (16, 0), (17, 0), (18, 0), (19, 0), (20, 0), (21, 0), (22, 0), (23, 0), (24, 0), (25, 0), (26, 0),
    (27, 0), (28, 0), (29, 0), (30, 0), (31, 0);

-- The maximum by which the time in an id was ahead of or behind its notification's creation, in ids, because clocks
-- were set back or differ between servers. A search by time, which scans ids, extends its range by this.
CREATE TABLE IF NOT EXISTS id_drift (
    only_one boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (only_one = true),
    ahead    bigint  NOT NULL,
    behind   bigint  NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO id_drift (ahead, behind) VALUES (0, 0);

CREATE TABLE IF NOT EXISTS merchant (
    id                 bigint         NOT NULL PRIMARY KEY,
    version            bigint         NOT NULL UNIQUE,
    name               text           NOT NULL,
    notify_url         text,
    -- One of the two: a ladder's name, or steps in milliseconds, comma-separated.
    ladder_name        varbinary(256),
    ladder             text,
    -- Acknowledgement; the dialect's name
    acknowledge        smallint       NOT NULL,
    signing            varchar(32)    NOT NULL,
    key_current        blob           NOT NULL,
    key_public         text,
    -- Keys before rotations, oldest first: when each ends, a colon, the sealed key in base64; comma-separated.
    key_earlier        mediumtext,
    max_in_flight      int            NOT NULL,
    paused             boolean        NOT NULL,
    timeout_millis     int            NOT NULL,
    -- Attempts a second; null: no limit.
    rate               double,
    -- Static request headers: names, one a line, and the values in their order, sealed.
    header_names       text,
    header_values      mediumblob,
    signature_header   text,
    -- A private authority and a client certificate, PEM; its key, sealed.
    tls_ca             mediumtext,
    tls_cert           mediumtext,
    tls_key            blob,
    -- Whether requests have the traceparent of the notification.
    trace_context      boolean        NOT NULL,
    -- Rows in endpoint.
    endpoint_count     int            NOT NULL,
    -- The channel accounts that its payments may use, one a line; null: any.
    channels           text,
    -- How channels know it where a service provider takes its payments; the token sealed.
    sub_mchid          text,
    sub_appid          text,
    app_auth_token     blob,
    deleted_at         bigint,
    created_at         bigint         NOT NULL,
    CONSTRAINT merchant_one_ladder CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Further receivers of merchants. Columns as in merchant.
CREATE TABLE IF NOT EXISTS endpoint (
    id                 bigint         NOT NULL PRIMARY KEY,
    merchant_id        bigint         NOT NULL,
    name               text           NOT NULL,
    -- Event types, one a line; * at the end of one stands for any rest.
    events             mediumtext     NOT NULL,
    url                text           NOT NULL,
    ladder_name        varbinary(256),
    ladder             text,
    acknowledge        smallint       NOT NULL,
    signing            varchar(32)    NOT NULL,
    key_current        blob           NOT NULL,
    key_public         text,
    key_earlier        mediumtext,
    max_in_flight      int            NOT NULL,
    paused             boolean        NOT NULL,
    timeout_millis     int            NOT NULL,
    rate               double,
    header_names       text,
    header_values      mediumblob,
    signature_header   text,
    -- A private authority and a client certificate, PEM; its key, sealed.
    tls_ca             mediumtext,
    tls_cert           mediumtext,
    tls_key            blob,
    -- Whether requests have the traceparent of the notification.
    trace_context      boolean        NOT NULL,
    created_at         bigint         NOT NULL,
    CONSTRAINT endpoint_one_ladder CHECK ((ladder_name IS NULL) <> (ladder IS NULL)),
    KEY endpoint_merchant (merchant_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A change of a merchant locks this row until commit, so that versions become visible in order and a cache that reads
-- the changes above its last version misses none. A sequence does not guarantee that.
CREATE TABLE IF NOT EXISTS merchant_versions (
    only_one boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (only_one = true),
    last     bigint  NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO merchant_versions (last) VALUES (0);

-- Which servers are alive.
CREATE TABLE IF NOT EXISTS server (
    id      bigint NOT NULL PRIMARY KEY,
    seen_at bigint NOT NULL
) ENGINE = InnoDB;

-- Receivers that have asked some server to wait.
CREATE TABLE IF NOT EXISTS receiver_throttle (
    merchant_id     bigint NOT NULL,
    endpoint_id     bigint NOT NULL,
    throttled_until bigint NOT NULL,
    PRIMARY KEY (merchant_id, endpoint_id)
) ENGINE = InnoDB;

-- What alerts have to report: AlertKind, and how often since when.
CREATE TABLE IF NOT EXISTS alert (
    kind    smallint       NOT NULL,
    subject varbinary(256) NOT NULL,
    n       bigint         NOT NULL,
    since   bigint         NOT NULL,
    detail  text,
    PRIMARY KEY (kind, subject)
) ENGINE = InnoDB;

-- API keys of the server (merchant_id is null) and of merchants.
CREATE TABLE IF NOT EXISTS api_key (
    id           bigint        NOT NULL PRIMARY KEY,
    merchant_id  bigint,
    digest       varbinary(32) NOT NULL UNIQUE,
    hint         text          NOT NULL,
    name         text,
    -- Role: 0 operator, 1 viewer, 2 intake, 3 view, 4 manage
    role         smallint      NOT NULL,
    -- Whether it is the key of --api-key or --viewer-key; only such a row stays when the key is revoked.
    from_setting boolean       NOT NULL,
    created_at   bigint        NOT NULL,
    expires_at   bigint,
    last_used_at bigint,
    revoked_at   bigint,
    KEY api_key_merchant (merchant_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Ladders saved by the operator.
CREATE TABLE IF NOT EXISTS ladder (
    name  varbinary(256) NOT NULL PRIMARY KEY,
    steps text           NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS meta (
    name  varbinary(256)   NOT NULL PRIMARY KEY,
    value varbinary(16384) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS audit (
    id       bigint          NOT NULL PRIMARY KEY,
    at       bigint          NOT NULL,
    actor    varbinary(1024) NOT NULL,
    actor_id varbinary(256),
    address  text,
    action   varbinary(256) NOT NULL,
    target   text           NOT NULL,
    detail   mediumtext     NOT NULL,
    KEY audit_actor (actor, id),
    KEY audit_actor_id (actor_id, id),
    KEY audit_action (action, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS payment (
    id                 bigint         NOT NULL PRIMARY KEY,
    merchant_id        bigint         NOT NULL,
    -- The delivery of its compensating query.
    query_id           bigint         NOT NULL,
    amount             bigint         NOT NULL,
    -- What was paid, and of that what refunds ask for and what went back; in minor units of the currency.
    amount_paid        bigint         NOT NULL,
    amount_refunding   bigint         NOT NULL DEFAULT 0,
    amount_refunded    bigint         NOT NULL DEFAULT 0,
    -- What the channel has paid out of refunds that had failed here.
    amount_refunded_after_failure bigint NOT NULL DEFAULT 0,
    created_at         bigint         NOT NULL,
    expires_at         bigint         NOT NULL,
    close_requested_at bigint,
    paid_at            bigint,
    -- Time of the last timeline entry; null before a final state, and after the timeline is deleted.
    timeline_until     bigint,
    version            int            NOT NULL,
    -- PaymentState: 0 created, 1 paying, 2 succeeded, 3 failed, 4 closed
    state              smallint       NOT NULL,
    out_trade_no       varbinary(256) NOT NULL,
    currency           varbinary(16)  NOT NULL,
    subject            text           NOT NULL,
    channel            varbinary(256) NOT NULL,
    notify_url         text,
    ladder             text           NOT NULL,
    ladder_name        varbinary(256),
    channel_options    mediumtext,
    -- PaymentMethod
    method             smallint       NOT NULL,
    return_url         text,
    payer_ip           text,
    payer_id           text,
    attach             text,
    -- SubMerchant: its number at the channel, and its app after a space; null: the account's own.
    sub_merchant       text,
    -- Of the request, for traces; null: it had none.
    traceparent        varbinary(64),
    pay_url            mediumtext,
    -- How the payer opens the order; the problem says why it is not placed, or failed.
    pay_params         mediumtext,
    problem            mediumtext,
    channel_trade_no   varbinary(512),
    request_digest     varbinary(32)  NOT NULL,
    -- Most payments succeed; searches are for the others.
    listed_state       smallint GENERATED ALWAYS AS (CASE WHEN state <> 2 THEN state END) STORED,
    -- Open payments are few.
    open_merchant      bigint GENERATED ALWAYS AS (CASE WHEN state IN (0, 1) OR amount_refunding > 0 THEN merchant_id END) STORED,
    UNIQUE KEY payment_out_trade_no (out_trade_no, merchant_id),
    KEY payment_merchant (merchant_id, id),
    KEY payment_state (listed_state, id),
    KEY payment_open (open_merchant),
    -- For lists by time of payment.
    KEY payment_paid (paid_at, id),
    KEY payment_channel_trade_no (channel_trade_no),
    KEY payment_attach (attach(128)),
    KEY payment_timeline (timeline_until, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS payment_event (
    id          bigint     NOT NULL PRIMARY KEY,
    payment_id  bigint     NOT NULL,
    merchant_id bigint     NOT NULL,
    -- Of a line about a refund.
    refund_id   bigint,
    at          bigint     NOT NULL,
    -- ChangeSource
    source      smallint   NOT NULL,
    -- PaymentState
    state       smallint,
    detail      mediumtext NOT NULL,
    answer      mediumtext,
    KEY payment_event_payment (payment_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS refund (
    id                bigint         NOT NULL PRIMARY KEY,
    payment_id        bigint         NOT NULL,
    merchant_id       bigint         NOT NULL,
    -- The delivery that is its compensating query; null for one made at the channel.
    query_id          bigint,
    amount            bigint         NOT NULL,
    created_at        bigint         NOT NULL,
    requested_at      bigint,
    accepted_at       bigint,
    refunded_at       bigint,
    version           int            NOT NULL,
    -- The channel has paid it out though it had failed here.
    refunded_after_failure boolean   NOT NULL DEFAULT false,
    -- RefundState: 0 processing, 1 succeeded, 2 failed
    state             smallint       NOT NULL,
    out_trade_no      varbinary(256) NOT NULL,
    -- One of the two: the merchant's number, or the channel's for one made there.
    out_refund_no     varbinary(256),
    channel_number    varbinary(512),
    currency          varbinary(16)  NOT NULL,
    channel           varbinary(256) NOT NULL,
    reason            text,
    notify_url        text,
    ladder            text           NOT NULL,
    ladder_name       varbinary(256),
    channel_refund_no varbinary(512),
    failure           mediumtext,
    -- Who asked, and who approved it; null if it needs no approval.
    approval_asked_by text,
    approval_asked_by_id text,
    approved_by       text,
    approved_at       bigint,
    request_digest    varbinary(32)  NOT NULL,
    CONSTRAINT refund_one_number CHECK ((out_refund_no IS NULL) <> (channel_number IS NULL)),
    -- Nulls are not compared, so that each applies to the refunds that have such a number.
    UNIQUE KEY refund_out_refund_no (out_refund_no, merchant_id),
    UNIQUE KEY refund_channel_number (channel_number, payment_id),
    KEY refund_payment (payment_id, id),
    KEY refund_refunded (refunded_at, id),
    -- For approvals: among those in progress.
    KEY refund_waiting (state, approved_at, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Callbacks. They belong to the operator's channel account until their payment is known.
CREATE TABLE IF NOT EXISTS payment_callback (
    id             bigint         NOT NULL PRIMARY KEY,
    received_at    bigint         NOT NULL,
    -- Both only if the payment is known.
    merchant_id    bigint,
    payment_id     bigint,
    -- Only for a callback with an unknown order number.
    discrepancy_id bigint,
    verified       boolean        NOT NULL,
    channel        varbinary(256) NOT NULL,
    verdict        mediumtext     NOT NULL,
    headers        mediumtext     NOT NULL,
    -- SHA-256 of the body; of an unverified callback, of its cause and sender
    digest         varbinary(32)  NOT NULL,
    body           mediumblob     NOT NULL,
    verified_channel   varbinary(256) GENERATED ALWAYS AS (CASE WHEN verified THEN channel END) STORED,
    unverified_channel varbinary(256) GENERATED ALWAYS AS (CASE WHEN verified THEN NULL ELSE channel END) STORED,
    UNIQUE KEY payment_callback_verified (verified_channel, digest),
    KEY payment_callback_unverified (unverified_channel, id),
    KEY payment_callback_payment (payment_id, id),
    KEY payment_callback_orphan (discrepancy_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Belongs to a channel account like its callback; and to a merchant's payment if that is known.
CREATE TABLE IF NOT EXISTS discrepancy (
    id          bigint          NOT NULL PRIMARY KEY,
    merchant_id bigint,
    payment_id  bigint,
    created_at  bigint          NOT NULL,
    resolved_at bigint,
    -- DiscrepancyKind
    kind        smallint        NOT NULL,
    channel     varbinary(256)  NOT NULL,
    subject     varbinary(1024) NOT NULL,
    detail      mediumtext      NOT NULL,
    resolution  mediumtext,
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
    UNIQUE KEY discrepancy_subject (channel, subject, kind),
    KEY discrepancy_open (resolved_at, id),
    -- For approvals.
    KEY discrepancy_waiting (resolved_at, acceptance, id),
    KEY discrepancy_payment (payment_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The comparison of one bill, a day and channel account.
CREATE TABLE IF NOT EXISTS reconciliation (
    id          bigint NOT NULL PRIMARY KEY,
    channel     varbinary(256) NOT NULL,
    -- Days since 1970-01-01.
    day         int NOT NULL,
    created_at  bigint NOT NULL,
    -- A server compares it, or waits to repeat that, until then.
    taken_until bigint NOT NULL,
    finished_at bigint,
    problem     mediumtext,
    report      mediumtext,
    suspended   mediumtext,
    UNIQUE KEY reconciliation_day (channel, day)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Number of payments by state; in slots, like notification_count.
CREATE TABLE IF NOT EXISTS payment_count (
    slot  smallint NOT NULL,
    state smallint NOT NULL,
    n     bigint   NOT NULL,
    PRIMARY KEY (slot, state)
) ENGINE = InnoDB;

-- The simulated bank's ledger, which survives a crash of Rung.
CREATE TABLE IF NOT EXISTS simulated_order (
    number         varbinary(256) NOT NULL PRIMARY KEY,
    token          varbinary(256) NOT NULL UNIQUE,
    trade_no       varbinary(256) NOT NULL,
    amount         bigint         NOT NULL,
    currency       varbinary(16)  NOT NULL,
    subject        text           NOT NULL,
    notify_url     text           NOT NULL,
    placed_at      bigint         NOT NULL,
    expires_at     bigint         NOT NULL,
    outcome        int,
    callback       int            NOT NULL,
    callback_delay bigint         NOT NULL,
    answers        boolean        NOT NULL,
    state          int            NOT NULL,
    settled_at     bigint,
    callbacks      int            NOT NULL,
    acknowledged   boolean        NOT NULL,
    due_at         bigint,
    version        int            NOT NULL,
    -- The order whose money goes back; null for an order.
    refund_of      varbinary(256),
    -- BankBehavior.BillLine
    bill           int NOT NULL,
    KEY simulated_order_refund (refund_of),
    KEY simulated_order_due (due_at),
    KEY simulated_order_expires (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
