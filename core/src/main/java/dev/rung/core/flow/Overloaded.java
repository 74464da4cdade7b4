package dev.rung.core.flow;

/** Thrown before anything is kept: too much is waiting to be stored, or the store is away. To be tried again after a while. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
        super(message);
    }
}
