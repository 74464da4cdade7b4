package dev.rung.web;

/** Who may call a route. */
public enum Access {
    /** Anyone, without a key. */
    OPEN,
    /** Anyone on this machine; from elsewhere the operator or the viewer. */
    LOCAL,
    /** The operator and the viewer. */
    READ,
    /** The operator. */
    CHANGE,
    /** The operator, the viewer, and merchants for what is theirs. */
    READ_OWN,
    /** The operator, and merchants for what is theirs. */
    CHANGE_OWN;

    /** Whether this caller may; what is whose is checked by the handler. */
    boolean permits(Caller caller) {
        return switch (caller) {
            case Caller.Operator o -> true;
            case Caller.Viewer v -> this != CHANGE && this != CHANGE_OWN;
            case Caller.OfMerchant m -> this == READ_OWN || this == CHANGE_OWN || this == OPEN;
            case Caller.Anyone a -> this == OPEN;
        };
    }
}
