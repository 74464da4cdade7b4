package dev.rung.client;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Does what a notification asks for once, however often it arrives. Thread-safe.
 *
 * <p>Rung delivers at least once: a notification comes again when the answer to it got lost. Its {@code webhook-id} stays the same. This
 * remembers the latest ids in memory, which is enough for one process that is not restarted. Where money moves, keep the id in
 * the database: insert it, under a unique key, in the same transaction as its effect; then this is not needed.
 */
public final class OncePerWebhook {
    private final int idsMax;
    private final Set<String> underWay = new HashSet<>();
    private final LinkedHashSet<String> done = new LinkedHashSet<>();

    /**
     * @param idsMax how many ids to remember, the latest; as many as arrive within the longest ladder, which for the preset
     *     {@code steps} is a quarter of an hour
     */
    public OncePerWebhook(int idsMax) {
        if (idsMax < 1) {
            throw new IllegalArgumentException("there must be room for at least one id");
        }
        this.idsMax = idsMax;
    }

    /** What is done for a notification. */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /** What became of a call, and so what to answer. */
    public enum Result {
        /** The action ran now. Acknowledge. */
        DONE,
        /** It ran before. Acknowledge. */
        DONE_BEFORE,
        /** It is running elsewhere and may yet fail. Do not acknowledge (503): the notification comes again. */
        UNDER_WAY
    }

    /**
     * Runs the action unless it ran before for this id. What it throws is thrown, and it may run again.
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
