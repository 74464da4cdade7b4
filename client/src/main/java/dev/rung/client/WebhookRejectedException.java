package dev.rung.client;

/** A request is not a verified notification of Rung. Respond with 401 and ignore it. */
public final class WebhookRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** The reason of a rejection. */
    public enum Reason {
        /** One of the three headers is missing. */
        UNSIGNED,
        /** The timestamp is missing, invalid or out of tolerance. */
        STALE,
        /** No signature matches a key. */
        FORGED
    }

    WebhookRejectedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
