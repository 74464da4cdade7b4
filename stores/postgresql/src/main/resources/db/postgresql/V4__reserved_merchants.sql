-- What is kept under a reserved merchant id (a channel's queries) is never listed: it shall not lie between what is.
DROP INDEX delivery_waiting;
DROP INDEX delivery_failed;
CREATE INDEX delivery_waiting ON delivery (id) WHERE state = 0 AND merchant_id >= 1024;
CREATE INDEX delivery_failed ON delivery (state, id) WHERE state IN (2, 3) AND merchant_id >= 1024;
