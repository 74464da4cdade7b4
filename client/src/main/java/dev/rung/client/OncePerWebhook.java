package dev.rung.client;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Runs an action once per notification. Thread-safe.
 *
 * <p>Rung delivers at least once: a notification is repeated, with the same {@code webhook-id}, if the response was lost. This class keeps the
 * latest ids in memory, which is enough for one process that is not restarted. For payments, store the id in the database instead: insert it with
 * a unique key in the transaction of its effect.
 */
public final class OncePerWebhook {
    private final int idsMax;
    private final Set<String> underWay = new HashSet<>();
    private final LinkedHashSet<String> done = new LinkedHashSet<>();

    /**
     * @param idsMax how many of the latest ids to keep; as many as arrive during the longest ladder, which for the preset {@code steps} is 15
     *     minutes
     */
    public OncePerWebhook(int idsMax) {
        if (idsMax < 1) {
            throw new IllegalArgumentException("idsMax must be at least 1");
        }
        this.idsMax = idsMax;
    }

    /** The action for a notification. */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /** The result of a call, which determines the response. */
    public enum Result {
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
     * @param id the {@code webhook-id} of a verified request
     */
    public <E extends Exception> Result run(String id, Action<E> action) throws E {
        synchronized (this) {
            if (done.contains(id)) {
                return Result.DONE_BEFORE;
            }
            if (!underWay.add(id)) {
                return Result.UNDER_WAY;
            }
        }
        boolean succeeded = false;
        try {
            action.run();
            succeeded = true;
            return Result.DONE;
        } finally {
            ended(id, succeeded);
        }
    }

    private synchronized void ended(String id, boolean succeeded) {
        underWay.remove(id);
        if (succeeded) {
            done.add(id);
            if (done.size() > idsMax) {
                Iterator<String> oldest = done.iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }
}
