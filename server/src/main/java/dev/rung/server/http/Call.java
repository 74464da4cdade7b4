package dev.rung.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call as its handler sees it: who calls, what about, with which body. Used by one thread. */
public final class Call {
    private final HttpServletRequest request;
    private final Caller caller;
    private final Map<String, String> variables;
    private final BodyBudget.Share share;

    Call(HttpServletRequest request, Caller caller, Map<String, String> variables, BodyBudget.Share share) {
        this.request = request;
        this.caller = caller;
        this.variables = variables;
        this.share = share;
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

    /** The one value of a header; null if there is none. */
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /** Whether a header was sent more than once. */
    public boolean repeatsHeader(String name) {
        var values = request.getHeaders(name);
        if (!values.hasMoreElements()) {
            return false;
        }
        values.nextElement();
        return values.hasMoreElements();
    }

    public Query query(Errors errors) {
        return new Query(request.getQueryString(), errors);
    }

    /**
     * Reads the body; empty if there is none.
     *
     * @throws ProblemException 413, 415, or 503
     */
    public byte[] body() {
        ContentTypes.requireJson(request);
        try {
            return share.read(request);
        } catch (IOException e) {
            throw new UncheckedIOException("the body could not be read", e);
        }
    }
}
