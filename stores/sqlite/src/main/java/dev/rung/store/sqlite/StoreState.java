package dev.rung.store.sqlite;

import java.sql.SQLException;

/**
 * The one row of {@code store_state}, as last committed.
 *
 * @param lastId greatest id given out, of whatever
 * @param lastPosition of the newest notification in the order of acceptance
 * @param horizon up to which position the search tables are written
 * @param ahead the most, in the space of ids, that the greatest id was beyond a notification's time of acceptance when it was stored
 * @param behind the most that a notification's id was below its time of acceptance
 */
record StoreState(long lastId, long lastPosition, long horizon, long ahead, long behind) {
    private static final String READ = "SELECT last_id, last_position, horizon, ahead, behind FROM store_state";

    /** As this session's transaction sees it. */
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
            throw new IllegalStateException("the database has lost its store_state");
        }
        return state;
    }

    /** How many notifications only a scan would find. */
    long unindexed() {
        return lastPosition - horizon;
    }
}
