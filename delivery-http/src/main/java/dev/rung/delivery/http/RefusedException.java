package dev.rung.delivery.http;

import java.io.IOException;

/** Rung would not send. The message says why, for a person. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
