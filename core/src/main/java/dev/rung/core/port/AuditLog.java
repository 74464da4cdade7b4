package dev.rung.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of users' changes. Thread-safe; every method is one transaction, durable when it returns. */
public interface AuditLog {

    /** Adds an entry. */
    void write(Entry entry);

    /** Newest first, below {@code before} (or from the newest). */
    List<Entry> list(@Nullable Long before, int limit);

    /**
     * One change.
     *
     * @param id time-ordered, from {@link dev.rung.core.model.Ids}
     * @param at epoch milliseconds
     * @param actor {@code operator}, or the id of a merchant's key
     * @param action such as {@code merchant.pause}
     * @param target the id of the changed object, as text
     * @param detail JSON; never contains a secret
     */
    record Entry(long id, long at, String actor, String action, String target, String detail) {}
}
