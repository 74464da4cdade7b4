package dev.rung.core.flow;

/** Too much is waiting to be stored. Nothing was kept; the caller may repeat the request later. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
        super(message);
    }
}
