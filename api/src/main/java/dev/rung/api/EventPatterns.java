package dev.rung.api;

import dev.rung.core.model.Endpoint;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates the event types of an endpoint: each exact, or with {@code *} at its end. */
final class EventPatterns {
    private static final int PATTERNS_MAX = 100;
    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9._-]{1,64}|[A-Za-z0-9._-]{0,63}\\*");

    private EventPatterns() {}

    /** Reads patterns; null if absent or {@code null}. */
    static @Nullable List<String> read(FieldReader fields, String member) {
        List<Json> given = fields.list(member);
        if (given == null) {
            return null;
        }
        if (given.isEmpty() || given.size() > PATTERNS_MAX) {
            fields.wrong(member, "invalid_event", "does not have 1 to " + PATTERNS_MAX + " event types");
            return null;
        }
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i) instanceof Json.Text text
                    && EVENT.matcher(text.value()).matches()) {
                patterns.add(text.value());
            } else {
                fields.wrong(
                        member + "[" + i + "]",
                        "invalid_event",
                        "is not an event type, or the beginning of one and " + Endpoint.ALL_EVENTS);
            }
        }
        return List.copyOf(patterns);
    }
}
