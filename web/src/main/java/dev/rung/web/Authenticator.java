package dev.rung.web;

import org.jspecify.annotations.Nullable;

/** Identifies callers by their keys. Thread-safe. */
@FunctionalInterface
public interface Authenticator {
    /** The owner of the key; null if it is invalid. */
    @Nullable Caller callerOf(String key);
}
