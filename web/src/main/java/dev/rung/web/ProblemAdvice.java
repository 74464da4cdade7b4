package dev.rung.web;

import dev.rung.core.flow.Overloaded;
import dev.rung.core.port.StoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns exceptions into problem documents. */
@RestControllerAdvice
public final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** For ids in the path: an id of another form does not exist. */
    private static final String ID_SUFFIX = "Id";

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    ResponseEntity<JsonWriter.Content> noHandler() {
        return response(Problem.notFound("path_not_found", "Path not found."));
    }

    @ExceptionHandler
    ResponseEntity<JsonWriter.Content> otherMethod(HttpRequestMethodNotSupportedException e) {
        Set<String> allowed = new TreeSet<>();
        Set<HttpMethod> supported = e.getSupportedHttpMethods();
        if (supported != null) {
            supported.forEach(method -> allowed.add(method.name()));
        }
        Problem problem = Problem.methodNotAllowed(String.join(", ", allowed));
        return ResponseEntity.status(problem.status())
                .header(HttpHeaders.ALLOW, String.join(", ", allowed))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(g -> JsonWriter.problem(g, problem));
    }

    /** A value of the path that cannot be an id. */
    @ExceptionHandler
    ResponseEntity<JsonWriter.Content> notAnId(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        String name = type == null ? "" : type.getSimpleName();
        String what = name.endsWith(ID_SUFFIX) ? name.substring(0, name.length() - ID_SUFFIX.length()) : "Path";
        return response(notFound(what));
    }

    /** The problem for an id that does not exist: {@code merchant_not_found}. */
    private static Problem notFound(String what) {
        return Problem.notFound(what.toLowerCase(java.util.Locale.ROOT) + "_not_found", what + " not found.");
    }

    /** The client did not send its whole body in time, or disconnected, or its body does not fit into the budget. */
    @ExceptionHandler
    ResponseEntity<JsonWriter.Content> unread(
            UncheckedIOException e, HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CONNECTION, "close"); // the rest of the body is not worth reading
        return other(e, request);
    }

    @ExceptionHandler
    ResponseEntity<JsonWriter.Content> other(RuntimeException e, HttpServletRequest request) {
        return response(problemOf(e, request.getMethod() + " " + request.getRequestURI()));
    }

    private static ResponseEntity<JsonWriter.Content> response(Problem problem) {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (problem.retryAfterSeconds() != null) {
            response.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
        }
        return response.body(g -> JsonWriter.problem(g, problem));
    }

    /**
     * The problem for an exception of a controller or filter.
     *
     * @param call method and path, for the log
     */
    public static Problem problemOf(RuntimeException failure, String call) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException known) {
            return known.problem();
        }
        if (cause instanceof UncheckedIOException) {
            ProblemException refusal = BodyRefusedException.in(cause);
            return refusal == null ? Problem.incomplete() : refusal.problem();
        }
        if (cause instanceof Overloaded) {
            return Problem.unavailable("overloaded", "The intake queue is full.", 1);
        }
        if (cause instanceof StoreException) {
            // The engine logs the outage once; do not log it for every request.
            LOG.debug("{} failed", call, cause);
            return Problem.unavailable("storage_unavailable", "The storage is unavailable.", 2);
        }
        LOG.error("{} failed", call, cause);
        return Problem.internal();
    }
}
