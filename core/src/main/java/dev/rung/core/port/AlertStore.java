package dev.rung.core.port;

import dev.rung.core.model.AlertKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what alerts have to report, until they are sent: one group for each kind and subject. Thread-safe; every method is one transaction,
 * durable when it returns. Times are epoch milliseconds.
 *
 * <p>Stores count exhausted notifications and new discrepancies themselves, in the transaction that writes them.
 */
public interface AlertStore {

    /**
     * Adds to the group of this kind and subject, or begins it.
     *
     * @param count how much is added
     * @param detail replaces the group's; null: does not change it
     */
    void add(AlertKind kind, String subject, long count, @Nullable String detail, long now);

    /** The groups that have something to report, the oldest first. */
    List<Group> pending(int limit);

    /**
     * A group was reported as it was read. What was added since then remains and begins at {@code now}. Does nothing if it was reported before.
     */
    void reported(Group group, long now);

    /**
     * Something to report.
     *
     * @param subject what it is about, as {@link AlertKind} says; empty if the kind has none
     * @param since when the first was added
     * @param detail about the latest, for users
     */
    record Group(
            AlertKind kind,
            String subject,
            long count,
            long since,
            @Nullable String detail) {}
}
