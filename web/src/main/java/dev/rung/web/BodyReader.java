package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads the body of a request within the {@link BodyBudget}. A parameter of controllers. Not thread-safe. */
public final class BodyReader {
    private final HttpServletRequest request;

    public BodyReader(HttpServletRequest request) {
        this.request = request;
    }

    /**
     * Reads a JSON body; empty if there is none.
     *
     * @throws ProblemException 413, 415, or 503
     */
    public byte[] json() {
        ContentTypes.requireJson(request);
        return bytes(BodyBudget.BODY_BYTES_MAX);
    }

    /**
     * Reads a body of any content type; empty if there is none.
     *
     * @throws ProblemException 413 or 503
     */
    public byte[] bytes(int bytesMax) {
        try {
            return BodyBudget.read(request, bytesMax);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the body", e);
        }
    }
}
