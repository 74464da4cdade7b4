package dev.rung.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server responded with an error, or the client refused a request (422) that the server would refuse. */
public final class RungException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;

    RungException(Problem problem, @Nullable Duration retryAfter) {
        super(problem.status()
                + (problem.title() == null ? "" : " " + problem.title())
                + (problem.detail() == null ? "" : ": " + problem.detail()));
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return problem.status();
    }

    public Problem problem() {
        return problem;
    }

    /** The server's {@code Retry-After}, if present (429 or 503). */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
