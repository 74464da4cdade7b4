package dev.rung.queue.local;

import dev.rung.core.port.MetaStore;

/** A mark in the store that says how the last process ended: only one that drained leaves {@code clean}. */
final class CleanShutdownMarker {
    private static final String KEY = "in_process_end";
    private static final String CLEAN = "clean";
    private static final String RUNNING = "running";

    private CleanShutdownMarker() {}

    /** Notes that a process runs; whether the one before ended without a drain. */
    static boolean begin(MetaStore meta) {
        boolean unclean = meta.get(KEY).filter(RUNNING::equals).isPresent();
        meta.put(KEY, RUNNING);
        return unclean;
    }

    /** Notes that this process has drained. */
    static void end(MetaStore meta) {
        meta.put(KEY, CLEAN);
    }
}
