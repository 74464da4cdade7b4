package dev.rung.queue.local;

import dev.rung.core.port.MetaStore;

/** Records in the store whether the last process shut down cleanly; only a process that drained leaves {@code clean}. */
final class CleanShutdownMarker {
    private static final String KEY = "in_process_end";
    private static final String CLEAN = "clean";
    private static final String RUNNING = "running";

    private CleanShutdownMarker() {}

    /** Records that a process runs; returns whether the previous one ended without draining. */
    static boolean begin(MetaStore meta) {
        boolean unclean = meta.get(KEY).filter(RUNNING::equals).isPresent();
        meta.put(KEY, RUNNING);
        return unclean;
    }

    /** Records that this process has drained. */
    static void end(MetaStore meta) {
        meta.put(KEY, CLEAN);
    }
}
