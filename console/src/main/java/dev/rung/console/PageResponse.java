package dev.rung.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** The response to a page request. */
sealed interface PageResponse {
    /** A page, or a fragment of one. */
    record Html(int status, String template, Map<String, Object> model) implements PageResponse {}

    /**
     * A redirect.
     *
     * @param cookies values of {@code Set-Cookie}
     */
    record Redirect(String location, List<String> cookies) implements PageResponse {
        Redirect(String location) {
            this(location, List.of());
        }
    }

    /** Plain text. */
    record Text(int status, String text) implements PageResponse {}

    /**
     * Nothing has changed since the last poll.
     *
     * @param over whether it is final, so that polling can stop
     */
    record Unchanged(boolean over) implements PageResponse {}

    /** Server-sent events. */
    record Events(Stream stream) implements PageResponse {}

    /** Writes the events; returns at the end of the stream. */
    @FunctionalInterface
    interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    static PageResponse html(String template, Map<String, Object> model) {
        return new Html(200, template, model);
    }
}
