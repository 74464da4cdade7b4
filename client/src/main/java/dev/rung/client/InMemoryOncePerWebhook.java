package dev.rung.client;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Keeps the latest ids in memory. */
final class InMemoryOncePerWebhook implements OncePerWebhook {
    private final int idsMax;
    private final Set<String> underWay = new HashSet<>();
    private final LinkedHashSet<String> done = new LinkedHashSet<>();

    InMemoryOncePerWebhook(int idsMax) {
        if (idsMax < 1) {
            throw new IllegalArgumentException("idsMax must be at least 1");
        }
        this.idsMax = idsMax;
    }

    @Override
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
