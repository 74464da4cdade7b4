package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates static request headers, and the names of headers. */
final class HeaderFields {
    private static final int HEADERS_MAX = 20;
    private static final int NAME_LENGTH_MAX = 100;
    private static final int VALUE_LENGTH_MAX = 1_024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");
    /** Set by Rung, or valid for one connection only. */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect");

    private HeaderFields() {}

    /** Reads headers; null if absent or {@code null}. */
    static @Nullable Map<String, String> read(FieldReader fields, String member) {
        Json.Obj given = fields.object(member);
        if (given == null) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (given.members().size() > HEADERS_MAX) {
            fields.wrong(member, "wrong_count", "has more than " + HEADERS_MAX + " headers", HEADERS_MAX);
            return headers;
        }
        given.members().forEach((name, value) -> {
            String field = member + "." + name;
            String fault = faultOf(name);
            if (fault != null) {
                fields.wrong(field, "invalid_header", fault);
            } else if (headers.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
                fields.wrong(field, "invalid_header", "is given twice");
            } else if (!(value instanceof Json.Text text)) {
                fields.wrong(field, "wrong_type", "is not a text");
            } else if (text.value().length() > VALUE_LENGTH_MAX) {
                fields.wrong(field, "too_long", "has more than " + VALUE_LENGTH_MAX + " bytes", VALUE_LENGTH_MAX);
            } else if (!VALUE.matcher(text.value()).matches()) {
                fields.wrong(field, "invalid_header", "is not printable ASCII without surrounding spaces");
            } else {
                headers.put(name, text.value());
            }
        });
        return headers;
    }

    /** The name of a header that a merchant may choose. */
    static String name(String name) {
        String fault = faultOf(name);
        if (fault != null) {
            throw new InvalidValueException("invalid_header", fault);
        }
        return name;
    }

    private static @Nullable String faultOf(String name) {
        if (name.length() > NAME_LENGTH_MAX || !NAME.matcher(name).matches()) {
            return "is not the name of a header";
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean reserved = RESERVED.contains(lower)
                || lower.startsWith("content-")
                || lower.startsWith("webhook-")
                || lower.startsWith("rung-");
        return reserved ? "is a header that Rung sets itself, or of one connection only" : null;
    }
}
