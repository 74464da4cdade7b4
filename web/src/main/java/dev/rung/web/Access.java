package dev.rung.web;

/** The permission that a route requires. */
public enum Access {
    /** Anyone, without a key. */
    OPEN,
    /** Anyone on this machine; otherwise the operator or the viewer. */
    LOCAL,
    /** The operator and the viewer. */
    READ,
    /** The operator. */
    CHANGE,
    /** The operator, the viewer, and merchants for their own data. */
    READ_OWN,
    /** The operator, and merchants for their own data. */
    CHANGE_OWN;

    /** Whether the caller has permission; the handler checks the ownership of data. */
    boolean permits(Caller caller) {
        return switch (caller) {
            case Caller.Operator o -> true;
            case Caller.Viewer v -> this != CHANGE && this != CHANGE_OWN;
            case Caller.OfMerchant m -> this == READ_OWN || this == CHANGE_OWN || this == OPEN;
            case Caller.Anyone a -> this == OPEN;
        };
    }
}
