package dev.rung.store.sqlite;

import java.sql.SQLException;

/**
 * The single row of {@code store_state}, as last committed.
 *
 * @param lastId the greatest id generated, of any kind
 * @param lastPosition position of the newest notification in the order of acceptance
 * @param horizon the position up to which the search tables are written
 * @param ahead the maximum, in ids, by which the greatest id exceeded a notification's time of acceptance when it was stored
 * @param behind the maximum by which a notification's id was below its time of acceptance
 */
record StoreState(long lastId, long lastPosition, long horizon, long ahead, long behind) {
    private static final String READ = "SELECT last_id, last_position, horizon, ahead, behind FROM store_state";

    /** Reads it in this session's transaction. */
    static StoreState read(SqliteSession session) throws SQLException {
        StoreState state = session.first(
                READ,
                r -> new StoreState(
                        r.getLong("last_id"),
                        r.getLong("last_position"),
                        r.getLong("horizon"),
                        r.getLong("ahead"),
                        r.getLong("behind")));
        if (state == null) {
            throw new IllegalStateException("the row of store_state is missing");
        }
        return state;
    }

    /** The number of notifications beyond the horizon, which only a scan finds. */
    long unindexed() {
        return lastPosition - horizon;
    }
}
