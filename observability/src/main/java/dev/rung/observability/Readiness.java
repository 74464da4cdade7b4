package dev.rung.observability;

import java.util.List;
import java.util.stream.Stream;

/** Whether this server can do its work now. Thread-safe. */
@FunctionalInterface
public interface Readiness {
    Report report();

    /**
     * Reasons, each a sentence that names no hosts.
     *
     * @param blocking why nothing can be accepted
     * @param degrading why something that is accepted may be late
     */
    record Report(List<String> blocking, List<String> degrading) {
        /** The API's status: {@code ready}, {@code degraded} or {@code not_ready}. */
        public String status() {
            if (!blocking.isEmpty()) {
                return "not_ready";
            }
            return degrading.isEmpty() ? "ready" : "degraded";
        }

        /** All of them. */
        public List<String> reasons() {
            return Stream.concat(blocking.stream(), degrading.stream()).toList();
        }

        /** Whether requests can be served. */
        public boolean isServing() {
            return blocking.isEmpty();
        }
    }
}
