package dev.rung.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A query string. */
final class Query {
    private final StringBuilder text = new StringBuilder();

    /** Adds a parameter; one that is null is left out. */
    Query put(String name, @Nullable Object value) {
        if (value != null) {
            String spelled = value instanceof ApiValue constant ? constant.apiValue() : value.toString();
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(spelled));
        }
        return this;
    }

    /** Percent-encodes a path segment or a value. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Empty, or {@code ?a=1&b=2}. */
    @Override
    public String toString() {
        return text.toString();
    }
}
