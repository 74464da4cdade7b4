CREATE TABLE meta (
    key   text NOT NULL CONSTRAINT meta_key PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE audit (
    id     bigint NOT NULL CONSTRAINT audit_id PRIMARY KEY,
    at     bigint NOT NULL,
    actor  text   NOT NULL,
    action text   NOT NULL,
    target text   NOT NULL,
    detail text   NOT NULL
);
