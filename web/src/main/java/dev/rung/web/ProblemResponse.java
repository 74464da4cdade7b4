package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes problem documents where no controller is involved: in filters. */
public final class ProblemResponse {
    public static final String CONTENT_TYPE = "application/problem+json";

    private ProblemResponse() {}

    public static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        byte[] body = body(problem);
        response.setStatus(problem.status());
        response.setContentType(CONTENT_TYPE);
        response.setContentLength(body.length);
        setRetryAfter(response, problem);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    /** Sets {@code Retry-After} where the problem has it. */
    public static void setRetryAfter(HttpServletResponse response, Problem problem) {
        if (problem.retryAfterSeconds() != null) {
            response.setHeader("Retry-After", problem.retryAfterSeconds().toString());
        }
    }

    /** Writes the problem of an exception, as {@link ProblemAdvice} does for controllers. */
    public static void write(HttpServletRequest request, HttpServletResponse response, RuntimeException e)
            throws IOException {
        if (e instanceof UncheckedIOException) {
            response.setHeader("Connection", "close"); // the rest of the body is not worth reading
        }
        write(request, response, ProblemAdvice.problemOf(e, request.getMethod() + " " + request.getRequestURI()));
    }

    public static byte[] body(Problem problem) {
        return JsonWriter.write(g -> JsonWriter.problem(g, problem));
    }
}
