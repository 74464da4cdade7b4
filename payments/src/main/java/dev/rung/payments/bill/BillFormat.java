package dev.rung.payments.bill;

/** A format of bills: CSV or another text of one line an entry. Stateless. */
public interface BillFormat {
    /** As messages name it: the channel type's name. */
    String name();

    /** Whether a bill whose first line that is neither blank nor begins with {@code #} is this one is in this format. */
    boolean recognizes(String headerLine);

    /** A reader of one bill, from its first line on. */
    BillLines lines();
}
