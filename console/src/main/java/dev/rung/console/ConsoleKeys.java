package dev.rung.console;

import org.jspecify.annotations.Nullable;

/**
 * The keys that can sign in.
 *
 * @param viewer null if none is configured
 */
public record ConsoleKeys(String operator, @Nullable String viewer) {
    @Override
    public String toString() {
        return "ConsoleKeys[…]";
    }
}
