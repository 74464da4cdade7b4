package dev.rung.server.wiring;

import org.jspecify.annotations.Nullable;

/** The server cannot start, for a reason that an operator can fix; the message says what and how. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }

    StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
