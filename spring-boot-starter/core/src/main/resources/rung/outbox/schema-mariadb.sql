-- The outbox of rung-spring-boot-starter. Times are epoch milliseconds.
CREATE TABLE IF NOT EXISTS rung_outbox (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  merchant_id VARCHAR(64) NOT NULL,
  order_no VARCHAR(64),
  event_type VARCHAR(64),
  payload MEDIUMTEXT NOT NULL,
  url VARCHAR(2048),
  ladder VARCHAR(1024),
  deliver_at BIGINT,
  ordered BOOLEAN NOT NULL,
  idempotency_key VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  failed BOOLEAN NOT NULL DEFAULT FALSE,
  error VARCHAR(1000),
  next_attempt_at BIGINT NOT NULL DEFAULT 0,
  claimed_by VARCHAR(36),
  claimed_until BIGINT NOT NULL DEFAULT 0,
  INDEX rung_outbox_waiting (failed, id),
  INDEX rung_outbox_order (merchant_id, order_no, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
