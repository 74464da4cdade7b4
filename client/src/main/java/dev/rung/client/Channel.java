package dev.rung.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel account.
 *
 * @param source {@code settings}: of the server's settings, and only changed there; or {@code api}
 * @param methods the ways to pay; the first is the default
 * @param secrets the members that are set and never shown
 * @param problem what the last check found; null if nothing
 */
public record Channel(
        String name,
        String type,
        String source,
        List<String> methods,
        List<String> secrets,
        @Nullable String problem) {
    public Channel {
        methods = List.copyOf(methods);
        secrets = List.copyOf(secrets);
    }

    static Channel read(JsonObject json) {
        return new Channel(
                json.text("name"),
                json.text("type"),
                json.text("source"),
                json.texts("methods"),
                json.texts("secrets"),
                json.optionalText("problem"));
    }
}
