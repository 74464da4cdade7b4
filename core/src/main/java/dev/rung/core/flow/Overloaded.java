package dev.rung.core.flow;

/** Too many notifications are waiting to be stored. Nothing was stored; the caller may repeat the request later. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
        super(message);
    }
}
