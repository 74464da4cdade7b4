package dev.rung.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** What is answered to a visit. */
sealed interface PageResponse {
    /** A page, or a part of one. */
    record Html(int status, String template, Map<String, Object> model) implements PageResponse {}

    /**
     * Go on there.
     *
     * @param cookies lines for the browser to keep
     */
    record Redirect(String location, List<String> cookies) implements PageResponse {
        Redirect(String location) {
            this(location, List.of());
        }
    }

    /** Something that is ready, as text that no browser takes for more. */
    record Text(int status, String text) implements PageResponse {}

    /**
     * Nothing is new: what the page shows stays.
     *
     * @param over it will not change any more, so do not ask again
     */
    record Unchanged(boolean over) implements PageResponse {}

    /** Server-sent events, for as long as it takes. */
    record Events(Stream stream) implements PageResponse {}

    /** What writes the events; returns when it is over. */
    @FunctionalInterface
    interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    static PageResponse html(String template, Map<String, Object> model) {
        return new Html(200, template, model);
    }
}
