package dev.rung.observability;

import java.util.List;

/** Whether this server can do its work now. Thread-safe. */
@FunctionalInterface
public interface Readiness {
    /** Why it cannot, naming no hosts; empty when it can. */
    List<String> reasons();
}
