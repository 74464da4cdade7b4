package dev.rung.alerts;

import org.jspecify.annotations.Nullable;

/**
 * Where alerts go, and how. The URL of a chat contains its key, so that it is not printed.
 *
 * @param secret that signs; null: alerts are not signed. For {@link AlertFormat#STANDARD} {@code whsec_…}
 */
public record AlertSettings(
        String url, AlertFormat format, @Nullable String secret) {
    @Override
    public String toString() {
        return "AlertSettings[" + format + "]";
    }
}
