CREATE TABLE payment (
    id                 bigint   NOT NULL CONSTRAINT payment_id PRIMARY KEY,
    merchant_id        bigint   NOT NULL,
    query_id           bigint   NOT NULL,
    amount             bigint   NOT NULL,
    created_at         bigint   NOT NULL,
    expires_at         bigint   NOT NULL,
    close_requested_at bigint,
    paid_at            bigint,
    -- When its story last went on; null before its end, and once the story is deleted.
    story_until        bigint,
    version            integer  NOT NULL,
    state              smallint NOT NULL,
    out_trade_no       text     NOT NULL,
    currency           text     NOT NULL,
    subject            text     NOT NULL,
    channel            text     NOT NULL,
    notify_url         text     NOT NULL,
    ladder             text     NOT NULL,
    ladder_name        text,
    channel_options    text,
    pay_url            text,
    channel_trade_no   text,
    request_digest     bytea    NOT NULL,
    CONSTRAINT payment_out_trade_no UNIQUE (out_trade_no, merchant_id)
);

CREATE INDEX payment_merchant ON payment (merchant_id, id);
-- Most succeed; the others are looked for.
CREATE INDEX payment_state ON payment (state, id) WHERE state <> 2;
CREATE INDEX payment_paid ON payment (paid_at, channel, id) WHERE paid_at IS NOT NULL;
CREATE INDEX payment_story ON payment (story_until, id) WHERE story_until IS NOT NULL;

CREATE TABLE payment_event (
    id         bigint   NOT NULL CONSTRAINT payment_event_id PRIMARY KEY,
    payment_id bigint   NOT NULL,
    at         bigint   NOT NULL,
    source     smallint NOT NULL,
    state      smallint,
    detail     text     NOT NULL,
    answer     text
);
CREATE INDEX payment_event_payment ON payment_event (payment_id, id);

CREATE TABLE payment_callback (
    id             bigint  NOT NULL CONSTRAINT payment_callback_id PRIMARY KEY,
    received_at    bigint  NOT NULL,
    payment_id     bigint,
    -- Of one that spoke of an unknown order.
    discrepancy_id bigint,
    verified       boolean NOT NULL,
    channel        text    NOT NULL,
    verdict        text    NOT NULL,
    headers        text    NOT NULL,
    -- SHA-256
    digest         bytea   NOT NULL,
    body           bytea   NOT NULL
);
CREATE UNIQUE INDEX payment_callback_verified ON payment_callback (channel, digest) WHERE verified;
CREATE INDEX payment_callback_unverified ON payment_callback (channel, id) WHERE NOT verified;
CREATE INDEX payment_callback_payment ON payment_callback (payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_callback_stray ON payment_callback (id) WHERE discrepancy_id IS NOT NULL;

CREATE TABLE discrepancy (
    id          bigint   NOT NULL CONSTRAINT discrepancy_id PRIMARY KEY,
    payment_id  bigint,
    created_at  bigint   NOT NULL,
    resolved_at bigint,
    kind        smallint NOT NULL,
    channel     text     NOT NULL,
    subject     text     NOT NULL,
    detail      text     NOT NULL,
    resolution  text,
    resolved_by text,
    CONSTRAINT discrepancy_subject UNIQUE (channel, subject, kind)
);
CREATE INDEX discrepancy_open ON discrepancy (id) WHERE resolved_at IS NULL;

-- How many payments are in each state; in slots, like the tally.
CREATE TABLE payment_tally (
    slot  smallint NOT NULL,
    state smallint NOT NULL,
    n     bigint   NOT NULL,
    CONSTRAINT payment_tally_key PRIMARY KEY (slot, state)
) WITH (fillfactor = 25);
