package dev.rung.core.memory;

/** Decides which transactions of a {@link MemoryNotificationStore} fail, and when. */
@FunctionalInterface
public interface StoreFaults {
    StoreFaults NONE = method -> Fault.NONE;

    /** Called once for every transaction, with the name of the store's method. */
    Fault next(String method);

    /** The fault of a transaction. */
    enum Fault {
        NONE,
        /** It throws without effect. */
        BEFORE_COMMIT,
        /** It takes effect and throws, as if the answer had been lost. */
        AFTER_COMMIT
    }
}
