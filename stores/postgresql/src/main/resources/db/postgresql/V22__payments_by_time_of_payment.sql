-- A list by time of payment goes down this one.
DROP INDEX payment_paid;
CREATE INDEX payment_paid ON payment (paid_at, id) WHERE paid_at IS NOT NULL;
