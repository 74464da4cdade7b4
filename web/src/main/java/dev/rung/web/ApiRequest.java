package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request to the API: caller, path variables, query, headers, body. Not thread-safe. */
public final class ApiRequest {
    private final Source source;
    private final Caller caller;
    private final Map<String, String> variables;

    ApiRequest(Source source, Caller caller, Map<String, String> variables) {
        this.source = source;
        this.caller = caller;
        this.variables = variables;
    }

    /** The transport of a request. */
    interface Source {
        /** All values of a header. */
        List<String> headers(String name);

        /** The names of all headers. */
        Collection<String> headerNames();

        /** The raw query string. */
        @Nullable String queryString();

        /** The body, which must be JSON; empty if there is none. */
        byte[] body();

        /** The body, of any content type; empty if there is none. */
        byte[] bytes(int bytesMax);
    }

    /** A request over HTTP. */
    record OverHttp(HttpServletRequest request) implements Source {
        @Override
        public List<String> headers(String name) {
            return Collections.list(request.getHeaders(name));
        }

        @Override
        public Collection<String> headerNames() {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String queryString() {
            return request.getQueryString();
        }

        @Override
        public byte[] body() {
            ContentTypes.requireJson(request);
            return bytes(BodyBudget.BODY_BYTES_MAX);
        }

        @Override
        public byte[] bytes(int bytesMax) {
            try {
                return BodyBudget.read(request, bytesMax);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the body", e);
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

    /**
     * A header whose value is UTF-8; the servlet container decodes headers as ISO-8859-1.
     *
     * @throws IllegalArgumentException if it is not UTF-8; the message continues the header's name
     */
    public @Nullable String utf8Header(String name) {
        String latin1 = header(name);
        if (latin1 == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8", e);
        }
    }

    /** Whether a header was sent more than once. */
    public boolean repeatsHeader(String name) {
        return source.headers(name).size() > 1;
    }

    /** All headers, by lower-case name. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : source.headerNames()) {
            headers.put(name.toLowerCase(Locale.ROOT), source.headers(name));
        }
        return headers;
    }

    /** The raw query string; null if there is none. */
    public @Nullable String queryString() {
        return source.queryString();
    }

    public QueryParameters query(FieldErrors errors) {
        return new QueryParameters(source.queryString(), errors);
    }

    /**
     * Reads the body; empty if there is none.
     *
     * @throws ProblemException 413, 415, or 503
     */
    public byte[] body() {
        return source.body();
    }

    /**
     * Reads a body of any content type; empty if there is none.
     *
     * @throws ProblemException 413 or 503
     */
    public byte[] bytes(int bytesMax) {
        return source.bytes(bytesMax);
    }
}
