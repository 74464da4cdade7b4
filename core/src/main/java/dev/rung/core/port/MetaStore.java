package dev.rung.core.port;

import java.util.Optional;

/**
 * Facts about the store itself that outlive processes and are shared by all of them: which master key its secrets are
 * sealed under, which broker it last knew. A handful of short texts. Thread-safe; every method is one transaction,
 * durable when it returns.
 */
public interface MetaStore {

    Optional<String> get(String key);

    /** Sets or replaces a value. */
    void put(String key, String value);

    /**
     * Sets a value where there is none: of several processes that try at once, one wins.
     *
     * @return whether it was this call that set it
     */
    boolean putIfAbsent(String key, String value);

    /**
     * Replaces a value if it is still the expected one: of several processes that try at once, one wins.
     *
     * @return whether it was this call that replaced it
     */
    boolean replace(String key, String expected, String value);
}
