package dev.rung.store.mysql;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What differs between a database server and a vtgate of Vitess, which parses each statement: it understands neither MariaDB's comments nor shared locks that
 * skip.
 *
 * @param session sets up a connection
 * @param isolation the level that the pool sets, as JDBC names it; null: {@code session} sets it
 * @param freeSlots selects the slots of the event feed that no transaction has locked
 * @param rowsMax rows that a statement may read
 * @param deletion deletes rows of a table by a key, both to be filled in, and the numbers
 */
record MySqlDialect(String session, @Nullable String isolation, String freeSlots, int rowsMax, String deletion) {
    /** Longer than any statement takes, short enough to detect a hanging database. */
    private static final Duration STATEMENT_MAX = Duration.ofSeconds(10);

    /** More than {@link #STATEMENT_MAX}, so that a responsive database reports its own statement timeout first. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    /** The database ends the connection of a server that stopped, and with it its locks. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(90);

    /** What every database and vtgate understand. */
    private static final String SESSION = """
            SET time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = %d\
            """.formatted(STATEMENT_MAX.toSeconds() / 2);

    /** MariaDB executes one kind of comment, MySQL the other. */
    static final MySqlDialect SERVER = new MySqlDialect(
            SESSION
                    + """
            , wait_timeout = %d \
            /*M!101100 , max_statement_time = %d, idle_transaction_timeout = %d, in_predicate_conversion_threshold = 0 */ \
            /*!80000 , max_execution_time = %d */\
            """.formatted(
                                    IDLE_MAX.toSeconds(),
                                    STATEMENT_MAX.toSeconds(),
                                    SILENCE_MAX.toSeconds(),
                                    STATEMENT_MAX.toMillis()),
            "TRANSACTION_READ_COMMITTED",
            "SELECT slot FROM feed_slot /*!80000 FOR SHARE */ /*M!101100 LOCK IN SHARE MODE */ SKIP LOCKED",
            Integer.MAX_VALUE,
            "DELETE d FROM %s d FORCE INDEX (PRIMARY) WHERE d.%s IN (%s)");

    /** Deletes the rows with these numbers, found by the primary key whatever the optimizer thinks of a table that was small. */
    String deletion(String table, String key, String numbers) {
        return deletion.formatted(table, key, numbers);
    }

    /**
     * The dialect of a vtgate, which ends the transaction of a connection that broke.
     *
     * @param isolationVariable as the shards' databases call it
     */
    static MySqlDialect vtgate(String isolationVariable) {
        return new MySqlDialect(
                SESSION
                        + ", query_timeout = %d, %s = 'READ-COMMITTED'"
                                .formatted(STATEMENT_MAX.toMillis(), isolationVariable),
                null,
                "SELECT slot FROM feed_slot FOR UPDATE SKIP LOCKED",
                // vttablet refuses more than 10,000 rows.
                8_000,
                // vttablet adds a limit to a deletion from one table, which cannot name an index.
                "DELETE d FROM (SELECT 1) one JOIN %s d FORCE INDEX (PRIMARY) WHERE d.%s IN (%s)");
    }
}
