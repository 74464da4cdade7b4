package dev.rung.web;

import dev.rung.core.model.TraceParent;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The trace that a request belongs to. */
public final class RequestTrace {
    private static final String ATTRIBUTE = RequestTrace.class.getName();
    private static final String HEADER = "traceparent";

    private RequestTrace() {}

    /** The span of this request, if it is recorded, or else the header; null: none. */
    public static @Nullable TraceParent of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof TraceParent span ? span : ofHeader(request);
    }

    /** The header {@code traceparent}; null if it is absent or invalid. */
    public static @Nullable TraceParent ofHeader(HttpServletRequest request) {
        return TraceParent.parse(request.getHeader(HEADER));
    }

    /** Sets the span of this request. */
    public static void set(HttpServletRequest request, @Nullable TraceParent span) {
        request.setAttribute(ATTRIBUTE, span);
    }
}
