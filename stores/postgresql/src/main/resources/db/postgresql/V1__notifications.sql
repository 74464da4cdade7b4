-- What never changes about a notification. Insert-only until it is purged: its many indexes are paid for once, and
-- payloads are not copied when its standing changes.
CREATE TABLE notification (
    id              bigint   NOT NULL CONSTRAINT notification_id PRIMARY KEY,
    merchant_id     bigint   NOT NULL,
    -- The accepting transaction's xid8 plus feed_origin.added: ascending in the order in which transactions began to
    -- write, so that what is below every running one can be listed without ever skipping anything.
    position        bigint   NOT NULL,
    created_at      bigint   NOT NULL,
    first_due_at    bigint   NOT NULL,
    first_place     smallint NOT NULL,
    ordered         boolean  NOT NULL,
    url             text     NOT NULL,
    order_no        text,
    event_type      text,
    ladder          text     NOT NULL,
    ladder_name     text,
    idempotency_key text,
    body_digest     bytea,
    payload         bytea    NOT NULL
) WITH (
    -- Payloads stay in the row up to nearly a page: a second table to look into costs more than the longer row.
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_insert_scale_factor = 0.05
);
-- Compressing 4 KiB costs more than everything else that is done for a notification.
ALTER TABLE notification ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX notification_idempotency ON notification (merchant_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX notification_feed ON notification (merchant_id, position, id);
CREATE INDEX notification_merchant ON notification (merchant_id, id);
CREATE INDEX notification_order_no ON notification (order_no, id) WHERE order_no IS NOT NULL;

-- Where each notification stands. Small rows that change once or twice an attempt.
CREATE TABLE delivery (
    id              bigint   NOT NULL CONSTRAINT delivery_id PRIMARY KEY,
    merchant_id     bigint   NOT NULL,
    next_attempt_at bigint,
    settled_at      bigint,
    wake            integer  NOT NULL,
    attempts_made   integer  NOT NULL,
    attempts_max    integer  NOT NULL,
    rung            smallint NOT NULL,
    state           smallint NOT NULL,
    place           smallint NOT NULL,
    may_repeat      boolean  NOT NULL,
    -- Set until it is first settled or resent: the mark that holds back later ones of its order.
    ordered         boolean  NOT NULL,
    -- These two only where it was accepted as ordered.
    position        bigint,
    order_no        text,
    ladder_name     text
) WITH (
    -- Every settlement leaves a dead row and dead entries in the index of what is owed, which the sweeper reads from the
    -- end where they gather.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.05
);

CREATE INDEX delivery_queued ON delivery (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL AND place = 0;
CREATE INDEX delivery_held_by_merchant ON delivery (merchant_id, next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL AND place = 1;
CREATE INDEX delivery_held_by_order ON delivery (merchant_id, order_no, position, id)
    WHERE next_attempt_at IS NOT NULL AND place = 2;
CREATE INDEX delivery_far ON delivery (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL AND place = 3;
CREATE INDEX delivery_ordered ON delivery (merchant_id, order_no, position, id) WHERE ordered;
CREATE INDEX delivery_settled ON delivery (settled_at, id) WHERE settled_at IS NOT NULL AND next_attempt_at IS NULL;
-- For searches. What is delivered is nearly everything, and found by the notification's own indexes.
CREATE INDEX delivery_waiting ON delivery (id) WHERE state = 0;
CREATE INDEX delivery_waiting_of_merchant ON delivery (merchant_id, id) WHERE state = 0;
CREATE INDEX delivery_failed ON delivery (state, id) WHERE state IN (2, 3);
CREATE INDEX delivery_failed_of_merchant ON delivery (merchant_id, state, id) WHERE state IN (2, 3);

-- No foreign key: a settlement holds the delivery's row locked while it inserts, and so does the purge while it deletes.
CREATE TABLE attempt (
    notification_id bigint   NOT NULL,
    id              bigint   NOT NULL,
    due_at          bigint   NOT NULL,
    started_at      bigint   NOT NULL,
    number          integer  NOT NULL,
    duration_millis integer  NOT NULL,
    outcome         smallint NOT NULL,
    status          smallint,
    may_repeat      boolean  NOT NULL,
    superseded      boolean  NOT NULL,
    headers         text,
    body            bytea,
    error           text,
    CONSTRAINT attempt_id PRIMARY KEY (notification_id, id)
) WITH (
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_insert_scale_factor = 0.05
);

-- How many there are of each state, and of the waiting ones by ladder and rung. A count is the sum over the slots; each
-- connection writes its own slot, so that transactions do not wait for each other.
CREATE TABLE tally (
    slot   smallint NOT NULL,
    state  smallint NOT NULL,
    rung   smallint NOT NULL,
    ladder text     NOT NULL,
    n      bigint   NOT NULL,
    CONSTRAINT tally_key PRIMARY KEY (slot, state, ladder, rung)
) WITH (fillfactor = 25);

-- The greatest attempt id, by slot for the same reason.
CREATE TABLE last_attempt (
    slot smallint NOT NULL CONSTRAINT last_attempt_slot PRIMARY KEY,
    id   bigint   NOT NULL
) WITH (fillfactor = 25);

-- What is added to this cluster's xid8 to make a position: after a restore into a new cluster, whose transactions are
-- counted from the beginning again, positions go on ascending.
CREATE TABLE feed_origin (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT feed_origin_only_one PRIMARY KEY CHECK (only_one),
    cluster  bigint  NOT NULL,
    added    bigint  NOT NULL
);
INSERT INTO feed_origin (cluster, added) SELECT system_identifier, 0 FROM pg_control_system();
