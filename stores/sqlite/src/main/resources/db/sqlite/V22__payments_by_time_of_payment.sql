-- A list by time of payment goes down this one: its entries are in the order of paid_at and id.
DROP INDEX payment_paid;
CREATE INDEX payment_paid ON payment (paid_at) WHERE paid_at IS NOT NULL;
