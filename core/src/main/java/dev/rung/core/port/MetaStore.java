package dev.rung.core.port;

import java.util.List;
import java.util.Optional;

/**
 * A few short values about the store itself, shared by all processes: which master key encrypts its secrets, which broker was
 * last connected. Thread-safe; every method is one transaction, durable when it returns.
 */
public interface MetaStore {

    Optional<String> get(String key);

    /** The keys that begin with a prefix of ASCII letters, digits and underscores. */
    List<String> keys(String prefix);

    /** Sets or replaces a value. */
    void put(String key, String value);

    /**
     * Sets a value if there is none. If several processes call at once, one succeeds.
     *
     * @return whether this call set it
     */
    boolean putIfAbsent(String key, String value);

    /** Removes a value, if there is one. */
    void remove(String key);

    /**
     * Replaces a value if it equals the expected one. If several processes call at once, one succeeds.
     *
     * @return whether this call replaced it
     */
    boolean replace(String key, String expected, String value);
}
