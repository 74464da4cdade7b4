package dev.rung.delivery.http;

import java.io.IOException;

/** There was no complete response, for another reason than the deadline. The message explains why. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
