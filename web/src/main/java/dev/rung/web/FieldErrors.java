package dev.rung.web;

import dev.rung.web.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request's fields, gathered so that it is told all at once. */
public final class FieldErrors {
    /** Enough for a person; a request of eight megabytes must not be answered with as many. */
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
     * Ends the request if anything is wrong.
     *
     * @throws ProblemException with status 422
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw problem().asException();
        }
    }
}
