-- What is kept under a reserved merchant id (a channel's queries) is never listed: it shall not lie between what is.
DROP INDEX notification_ended;
CREATE INDEX notification_ended ON notification (state, position, merchant_id) WHERE state >= 2 AND merchant_id >= 1024;
