package dev.rung.core.port;

/** The store could not do it: away, full, read-only, or a lost connection. Whether a commit took effect may be unknown. */
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

    /** A primary key of the batch is in use by another process: draw other ids and try again. Nothing was stored. */
    public static StoreException idTaken(Throwable cause) {
        return new StoreException("an id of the batch is already in use", cause, true);
    }

    /** Whether trying again with other ids will do. */
    public boolean isIdTaken() {
        return idTaken;
    }
}
