package dev.rung.web;

import org.jspecify.annotations.Nullable;

/** Tells callers by their keys. Thread-safe. */
@FunctionalInterface
public interface Authenticator {
    /** Whose key this is; null if it is nobody's. */
    @Nullable Caller callerOf(String key);
}
