package dev.rung.delivery.http;

import java.io.IOException;

/** There was no complete response, and time was not the reason. The message says why, for a person. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
