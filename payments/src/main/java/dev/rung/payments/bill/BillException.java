package dev.rung.payments.bill;

/** The file is not the bill that was asked for, is incomplete, or has a line that cannot be read. The message names the fault and the line. */
public final class BillException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** 0 if the fault is not in a line. */
    private final int line;

    public BillException(String message) {
        this(message, 0);
    }

    private BillException(String message, int line) {
        super(message, null, false, false);
        this.line = line;
    }

    /** For a fault in a line, counted from 1. Other lines can still be read. */
    public static BillException at(int line, String fault) {
        return new BillException("line " + line + ": " + fault, line);
    }

    /** Whether one line cannot be read, and the others can. */
    public boolean isOfOneLine() {
        return line > 0;
    }
}
