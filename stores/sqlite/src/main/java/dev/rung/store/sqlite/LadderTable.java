package dev.rung.store.sqlite;

import dev.rung.core.model.Ladder;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ladders chosen by name that notifications were accepted with, each kept once and referred to by a small number. Their rows are
 * never changed nor deleted, and there are as many as operators saved. Thread-safe.
 */
final class LadderTable {
    /** The number of those given on the spot, whose steps stand with the notification. */
    static final int INLINE = 0;

    private static final String INSERT = "INSERT INTO ladder (name, steps) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String FIND_ID = "SELECT id FROM ladder WHERE name = ? AND steps = ?";
    private static final String FIND = "SELECT name, steps FROM ladder WHERE id = ?";

    private final Map<Named, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Named> byId = new ConcurrentHashMap<>();

    /** A ladder and the name it was chosen by; null: given on the spot. */
    record Named(@Nullable String name, Ladder ladder) {}

    /** The number of a ladder, in a transaction that may yet be undone: then {@link #forget} is called. */
    int id(SqliteSession session, @Nullable String name, Ladder ladder) throws SQLException {
        if (name == null) {
            return INLINE;
        }
        Named named = new Named(name, ladder);
        Integer known = ids.get(named);
        if (known != null) {
            return known;
        }
        session.update(INSERT, name, ladder.compact());
        Integer id = session.first(FIND_ID, r -> r.getInt(1), name, ladder.compact());
        if (id == null) {
            throw new IllegalStateException("the ladder " + name + " is not there although it was just inserted");
        }
        ids.put(named, id);
        return id;
    }

    /** A transaction was undone: what is known here may be of a row that is not there, and whose number the next one gets. */
    void forget() {
        ids.clear();
        byId.clear();
    }

    /**
     * The ladder with this number.
     *
     * @param steps of one given on the spot
     */
    Named find(SqliteSession session, int id, @Nullable String steps) throws SQLException {
        if (steps != null) {
            return new Named(null, Ladder.parseCompact(steps));
        }
        Named known = byId.get(id);
        if (known == null) {
            known = session.first(FIND, r -> new Named(r.getString(1), Ladder.parseCompact(r.getString(2))), id);
            if (known == null) {
                throw new IllegalStateException("a notification refers to ladder " + id + ", which is not there");
            }
            byId.put(id, known);
        }
        return known;
    }

    /** By which name a ladder's notifications are counted. */
    String countedName(SqliteSession session, int id) throws SQLException {
        String name = id == INLINE ? null : find(session, id, null).name();
        return name == null ? "" : name;
    }
}
