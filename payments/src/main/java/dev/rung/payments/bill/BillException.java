package dev.rung.payments.bill;

/** The file is not a bill, or is incomplete. The message names the fault and the line. */
public final class BillException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BillException(String message) {
        super(message, null, false, false);
    }

    /** For a fault in a line, counted from 1. */
    public static BillException at(int line, String fault) {
        return new BillException("line " + line + ": " + fault);
    }
}
