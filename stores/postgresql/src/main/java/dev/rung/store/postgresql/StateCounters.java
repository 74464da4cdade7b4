package dev.rung.store.postgresql;

/**
 * How statements keep count: each gathers what it changed as rows {@code (state, ladder, rung, by)} in a CTE named {@code
 * moved_counts}, and this adds them to the slot of its connection, in key order, after every other row is locked.
 */
final class StateCounters {
    /** Connections take slots by their server process, so that two seldom share one. */
    static final String SLOT = "pg_backend_pid() % 32";

    /** A further CTE. Rungs are counted for what waits only; other states have one count each. */
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
