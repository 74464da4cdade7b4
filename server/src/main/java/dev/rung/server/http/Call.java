package dev.rung.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call as its handler sees it: who calls, what about, with which body. Used by one thread. */
public final class Call {
    private final Source source;
    private final Caller caller;
    private final Map<String, String> variables;

    Call(Source source, Caller caller, Map<String, String> variables) {
        this.source = source;
        this.caller = caller;
        this.variables = variables;
    }

    /** Where a call comes from. */
    interface Source {
        /** All values of a header. */
        List<String> headers(String name);

        /** What stands behind the question mark. */
        @Nullable String queryString();

        /** The body; empty if there is none. */
        byte[] body();
    }

    /** A call over HTTP. */
    record OverHttp(HttpServletRequest request, BodyBudget.Share share) implements Source {
        @Override
        public List<String> headers(String name) {
            return Collections.list(request.getHeaders(name));
        }

        @Override
        public @Nullable String queryString() {
            return request.getQueryString();
        }

        @Override
        public byte[] body() {
            ContentTypes.requireJson(request);
            try {
                return share.read(request);
            } catch (IOException e) {
                throw new UncheckedIOException("the body could not be read", e);
            }
        }
    }

    public Caller caller() {
        return caller;
    }

    /** A variable of the path. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable " + name);
        }
        return value;
    }

    /** The first value of a header; null if there is none. */
    public @Nullable String header(String name) {
        List<String> values = source.headers(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Whether a header was sent more than once. */
    public boolean repeatsHeader(String name) {
        return source.headers(name).size() > 1;
    }

    public Query query(Errors errors) {
        return new Query(source.queryString(), errors);
    }

    /**
     * Reads the body; empty if there is none.
     *
     * @throws ProblemException 413, 415, or 503
     */
    public byte[] body() {
        return source.body();
    }
}
