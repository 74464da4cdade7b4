package dev.rung.core.memory;

/** Says which transactions of a {@link MemoryNotificationStore} fail, and when. */
@FunctionalInterface
public interface StoreFaults {
    StoreFaults NONE = method -> Fault.NONE;

    /** Asked once for every transaction, with the name of the store's method. */
    Fault next(String method);

    /** How a transaction fares. */
    enum Fault {
        NONE,
        /** It throws and has no effect. */
        BEFORE_COMMIT,
        /** It takes effect and throws: the answer was lost on the way. */
        AFTER_COMMIT
    }
}
