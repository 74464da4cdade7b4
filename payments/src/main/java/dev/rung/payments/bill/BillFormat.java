package dev.rung.payments.bill;

/** A format of bills: CSV, or another text with one entry per line. Stateless. */
public interface BillFormat {
    /** The channel type's name, for messages. */
    String name();

    /** Whether a bill with this header line is in this format. The header is the first line that is not blank and does not begin with {@code #}. */
    boolean recognizes(String headerLine);

    /** Creates a reader of one bill, which starts at its first line. */
    BillLines lines();
}
