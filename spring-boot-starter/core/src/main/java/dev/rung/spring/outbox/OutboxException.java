package dev.rung.spring.outbox;

import java.sql.SQLException;

/** The table {@code rung_outbox} cannot be read or written. */
public final class OutboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutboxException(SQLException cause) {
        super("the table rung_outbox cannot be used", cause);
    }
}
