package dev.rung.delivery.http;

import java.io.IOException;

/** Rung did not send the request. The message explains why. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
