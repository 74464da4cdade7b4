CREATE TABLE merchant (
    id                 bigint   NOT NULL CONSTRAINT merchant_id PRIMARY KEY,
    name               text     NOT NULL,
    notify_url         text,
    -- One of the two: a ladder's name, or steps of its own.
    ladder_name        text,
    ladder             text,
    acknowledge        smallint NOT NULL,
    signing            smallint NOT NULL,
    key_current        bytea    NOT NULL,
    public_key         text,
    key_previous       bytea,
    key_previous_until bigint,
    max_in_flight      integer  NOT NULL,
    paused             boolean  NOT NULL,
    created_at         bigint   NOT NULL,
    version            bigint   NOT NULL CONSTRAINT merchant_version UNIQUE,
    CONSTRAINT merchant_one_ladder CHECK ((ladder_name IS NULL) <> (ladder IS NULL))
);

-- Whoever changes a merchant holds this row until commit: versions become visible in their order, so that a cache that
-- asks for what is above the last it saw misses nothing. A sequence would not do that.
CREATE TABLE merchant_versions (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT merchant_versions_only_one PRIMARY KEY CHECK (only_one),
    last     bigint  NOT NULL
);
INSERT INTO merchant_versions (last) VALUES (0);

CREATE TABLE merchant_key (
    id          bigint NOT NULL CONSTRAINT merchant_key_id PRIMARY KEY,
    merchant_id bigint NOT NULL,
    digest      bytea  NOT NULL CONSTRAINT merchant_key_digest UNIQUE,
    hint        text   NOT NULL,
    created_at  bigint NOT NULL
);
CREATE INDEX merchant_key_merchant ON merchant_key (merchant_id, id);

CREATE TABLE ladder (
    name  text NOT NULL CONSTRAINT ladder_name PRIMARY KEY,
    steps text NOT NULL
);
