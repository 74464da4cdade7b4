package dev.rung.client;

/** A request is not, or not provably, a notification of Rung. Answer it with 401 and do nothing else. */
public final class WebhookRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    WebhookRejectedException(String message) {
        super(message);
    }
}
