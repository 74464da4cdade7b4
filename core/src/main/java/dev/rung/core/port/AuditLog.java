package dev.rung.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of users' changes, and of refused calls. Thread-safe; every method is one transaction, durable when it returns. */
public interface AuditLog {

    /** Adds an entry. */
    void write(Entry entry);

    /** Replaces the detail of an entry, if the entry exists. */
    void changeDetail(long id, String detail);

    /** Newest first, below {@code before} (or from the newest). */
    List<Entry> list(Filter filter, @Nullable Long before, int limit);

    /**
     * Deletes the oldest entries with smaller ids.
     *
     * @return the number of deleted entries, at most {@code limit}
     */
    int purge(long before, int limit);

    /**
     * Which entries are listed.
     *
     * @param actor a name or an id; null for all, as for {@code action}
     * @param from the smallest id
     * @param to above the greatest id
     */
    record Filter(@Nullable String actor, @Nullable String action, long from, long to) {
        public static final Filter ALL = new Filter(null, null, 0, Long.MAX_VALUE);
    }

    /**
     * One change.
     *
     * @param id time-ordered, from {@link dev.rung.core.model.Ids}
     * @param at epoch milliseconds
     * @param actor the name of a key or person; {@code anonymous} if it is unknown
     * @param actorId such as the id of the key; null if the actor has none
     * @param address where the call came from; null if it came from the server itself
     * @param action such as {@code merchant.pause}
     * @param target the id of the changed object, as text
     * @param detail JSON; never contains a secret
     */
    record Entry(
            long id,
            long at,
            String actor,
            @Nullable String actorId,
            @Nullable String address,
            String action,
            String target,
            String detail) {}
}
