package dev.rung.web;

import dev.rung.web.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the errors of a request's fields, to report them together. */
public final class FieldErrors {
    /** Bounds the response to a large invalid request. */
    private static final int MAX = 100;

    private final List<FieldError> errors = new ArrayList<>();

    public void add(String field, String message) {
        add(field, null, message);
    }

    /** Adds an error that programs recognize by its code. */
    public void add(String field, @Nullable String code, String message) {
        if (errors.size() < MAX) {
            errors.add(new FieldError(field, code, message));
        }
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    public Problem problem() {
        return Problem.invalid(errors);
    }

    /**
     * Throws if there are errors.
     *
     * @throws ProblemException with status 422
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw problem().asException();
        }
    }
}
