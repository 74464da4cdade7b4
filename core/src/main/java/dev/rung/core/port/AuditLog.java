package dev.rung.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people did to the system, kept for whoever asks later. Thread-safe; every method is one transaction, durable when it returns. */
public interface AuditLog {

    /** Adds an entry. */
    void write(Entry entry);

    /** Newest first, below {@code before} (or from the newest). */
    List<Entry> list(@Nullable Long before, int limit);

    /**
     * One deed.
     *
     * @param id time-ordered, from {@link dev.rung.core.model.Ids}
     * @param at epoch milliseconds
     * @param actor whose key it was: {@code operator}, or a merchant's key by its id
     * @param action such as {@code merchant.pause}
     * @param target the spelled id of what it was done to
     * @param detail a JSON text; never a secret
     */
    record Entry(long id, long at, String actor, String action, String target, String detail) {}
}
