package dev.rung.reconciliation;

/** A file that is no bill, or not a whole one; the message says what is wrong, and in which line. */
public final class BillException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BillException(String message) {
        super(message, null, false, false);
    }

    /** About a line, counted from 1. */
    static BillException at(int line, String fault) {
        return new BillException("line " + line + ": " + fault);
    }
}
