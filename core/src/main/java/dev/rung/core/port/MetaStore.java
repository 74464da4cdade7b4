package dev.rung.core.port;

import java.util.Optional;

/**
 * A few short values about the store itself, shared by all processes: which master key encrypts its secrets, which broker was
 * last connected. Thread-safe; every method is one transaction, durable when it returns.
 */
public interface MetaStore {

    Optional<String> get(String key);

    /** Sets or replaces a value. */
    void put(String key, String value);

    /**
     * Sets a value if there is none. If several processes call at once, one succeeds.
     *
     * @return whether this call set it
     */
    boolean putIfAbsent(String key, String value);

    /**
     * Replaces a value if it equals the expected one. If several processes call at once, one succeeds.
     *
     * @return whether this call replaced it
     */
    boolean replace(String key, String expected, String value);
}
