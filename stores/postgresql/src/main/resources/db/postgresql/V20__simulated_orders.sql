-- The simulated bank's own: what a bank does not forget when Rung is killed.
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
    heard          boolean NOT NULL,
    due_at         bigint,
    version        integer NOT NULL
);

CREATE INDEX simulated_order_due ON simulated_order (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX simulated_order_expires ON simulated_order (expires_at);
