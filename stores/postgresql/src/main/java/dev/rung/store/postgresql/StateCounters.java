package dev.rung.store.postgresql;

/**
 * Maintains the state counters. Each statement collects its changes as rows {@code (state, ladder, rung, by)} in a CTE named {@code
 * moved_counts}; this adds them to the connection's slot, in key order, after all other rows are locked.
 */
final class StateCounters {
    /** The slot is derived from the connection's backend process, so that two connections rarely share one. */
    static final String SLOT = "pg_backend_pid() % 32";

    /** The CTE that adds the changes. Only waiting deliveries are counted by ladder and rung; other states have one count each. */
    static final String CTE = """
            , tallied AS (
              INSERT INTO notification_count (slot, state, ladder, rung, n)
              SELECT %s, state, ladder, rung, sum(by)
              FROM moved_counts
              GROUP BY state, ladder, rung
              HAVING sum(by) <> 0
              ORDER BY state, ladder, rung
              ON CONFLICT (slot, state, ladder, rung) DO UPDATE SET n = notification_count.n + excluded.n
            )
            """.formatted(SLOT);

    private StateCounters() {}
}
