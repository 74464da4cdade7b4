package dev.rung.store.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Positions in the list of events, ascending in the order in which transactions began to write.
 *
 * <p>A transaction that accepts notifications holds the lock of a slot until it has committed. Its position is one more than the greatest
 * committed one, so it is greater than the last position of its slot, and greater than every position that was committed when it took the
 * slot. A reader therefore knows the position up to which nothing can appear any more: the least last position of the locked slots, or if
 * none is locked, of all. A server that stops in a transaction delays the list, but causes no gap, and delays no other transaction.
 */
final class FeedSlots {
    private static final String TAKE = "SELECT slot FROM feed_slot ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED";
    private static final String TAKE_WAITING =
            "SELECT slot FROM feed_slot WHERE slot = connection_id() % 32 FOR UPDATE";
    private static final String LAST = "SELECT max(last) FROM feed_slot";
    private static final String GIVE = "UPDATE feed_slot SET last = ? WHERE slot = ?";
    private static final String ALL = "SELECT slot, last FROM feed_slot";

    private FeedSlots() {}

    /** The position of the notifications that this transaction accepts. */
    static long next(Connection connection) throws SQLException {
        List<Integer> free = MySqlDatabase.rows(connection, TAKE, p -> {}, row -> row.getInt(1));
        int slot = free.isEmpty()
                ? MySqlDatabase.rows(connection, TAKE_WAITING, p -> {}, row -> row.getInt(1))
                        .getFirst()
                : free.getFirst();
        long position = 1
                + MySqlDatabase.rows(connection, LAST, p -> {}, row -> row.getLong(1))
                        .getFirst();
        MySqlDatabase.change(connection, GIVE, p -> p.number(position).number(slot));
        return position;
    }

    /** The position up to which no further notification can appear. Read it before the list. */
    static long complete(MySqlDatabase database) {
        List<Slot> all = database.rows(ALL, p -> {}, row -> new Slot(row.getInt("slot"), row.getLong("last")));
        Set<Integer> free = new HashSet<>(database.transaction(connection ->
                MySqlDatabase.rows(connection, database.dialect().freeSlots(), p -> {}, row -> row.getInt(1))));
        long last = all.stream().mapToLong(Slot::last).max().orElse(0);
        return all.stream()
                .filter(slot -> !free.contains(slot.slot))
                .mapToLong(Slot::last)
                .reduce(last, Math::min);
    }

    private record Slot(int slot, long last) {}
}
