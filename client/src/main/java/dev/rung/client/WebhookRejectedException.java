package dev.rung.client;

/** A request is not, or not provably, a notification of Rung. Answer it with 401 and do nothing else. */
public final class WebhookRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What is wrong with a request. */
    public enum Reason {
        /** One of the three headers is missing. */
        UNSIGNED,
        /** It was signed too long ago, or in the future, or does not say when. */
        STALE,
        /** No signature is one of the keys'. */
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
