package dev.rung.client;

import javax.sql.DataSource;

/**
 * Runs an action once per notification. Implementations are thread-safe.
 *
 * <p>Rung delivers at least once: a notification is repeated, with the same {@code webhook-id}, if the response was lost.
 */
public interface OncePerWebhook {
    /** The action for a notification. */
    @FunctionalInterface
    interface Action<E extends Exception> {
        void run() throws E;
    }

    /** The result of a call, which determines the response. */
    enum Result {
        /** The action ran in this call. Acknowledge. */
        DONE,
        /** The action ran before. Acknowledge. */
        DONE_BEFORE,
        /** The action is running in another thread and may fail. Do not acknowledge (503), so that the notification is repeated. */
        UNDER_WAY
    }

    /**
     * Runs the action unless it ran before for this id. If it throws, the exception is passed on, and the action may run again.
     *
     * @param id of a verified request
     */
    <E extends Exception> Result run(String id, Action<E> action) throws E;

    /**
     * Keeps the latest ids in memory, which is enough for one process that is not restarted.
     *
     * @param idsMax how many of the latest ids to keep; as many as arrive during the longest ladder, which for the preset {@code steps} is 15
     *     minutes
     */
    static OncePerWebhook inMemory(int idsMax) {
        return new InMemoryOncePerWebhook(idsMax);
    }

    /** Keeps the ids in a table, for any number of processes; see {@link JdbcOncePerWebhook}. */
    static JdbcOncePerWebhook jdbc(DataSource dataSource) {
        return new JdbcOncePerWebhook(dataSource);
    }
}
