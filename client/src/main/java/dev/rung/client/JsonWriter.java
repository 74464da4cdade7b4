package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes requests as JSON. */
final class JsonWriter {
    private final Map<String, Object> members = new LinkedHashMap<>();

    private JsonWriter() {}

    static JsonWriter object() {
        return new JsonWriter();
    }

    /** Adds a member; one that is null is left out. */
    JsonWriter put(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    /** Adds a member that is JSON already, and checked to be. */
    JsonWriter putJson(String name, String json) {
        members.put(name, new Raw(json));
        return this;
    }

    private record Raw(String json) {}

    /** The object as text. */
    String text() {
        StringBuilder out = new StringBuilder();
        write(out, members);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String comma = "";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(comma);
                string(out, String.valueOf(member.getKey()));
                out.append(':');
                write(out, member.getValue());
                comma = ",";
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
                write(out, items.next());
                out.append(items.hasNext() ? "," : "");
            }
            out.append(']');
        } else if (value instanceof JsonWriter object) {
            write(out, object.members);
        } else if (value instanceof Raw raw) {
            out.append(raw.json());
        } else if (value instanceof ClientTls tls) {
            write(out, tls.json());
        } else if (value instanceof Ladder ladder) {
            write(out, ladder.name() != null ? ladder.name() : ladder.steps());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Duration duration) {
            string(out, Durations.text(duration));
        } else if (value instanceof ApiValue constant) {
            string(out, constant.apiValue());
        } else if (value instanceof String || value instanceof Instant) {
            string(out, value.toString());
        } else {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass());
        }
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || isHalfPair(text, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Half a surrogate pair has no UTF-8 encoding; it is escaped, so that the server can refuse it. */
    private static boolean isHalfPair(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c) && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))
                || Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
