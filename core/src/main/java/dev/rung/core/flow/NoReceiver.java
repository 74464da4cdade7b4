package dev.rung.core.flow;

/** The merchant has no URL of its own, and none of its endpoints receives the event type: no receiver is left. */
public final class NoReceiver extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoReceiver() {
        super("the merchant has no receiver for this notification");
    }
}
