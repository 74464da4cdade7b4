package dev.rung.core.port;

/** A call of the store failed: unavailable, full, read-only, or a lost connection. Whether a commit took effect may be unknown. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean idTaken;

    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, Throwable cause, boolean idTaken) {
        super(message, cause);
        this.idTaken = idTaken;
    }

    /** An id of the batch is already in use by another process. Nothing was stored; the caller may retry with other ids. */
    public static StoreException idTaken(Throwable cause) {
        return new StoreException("an id of the batch is already in use", cause, true);
    }

    /** Whether an id was already in use, so that a retry with other ids may succeed. */
    public boolean isIdTaken() {
        return idTaken;
    }
}
