package dev.rung.web;

import dev.rung.core.model.InvalidValueException;
import dev.rung.web.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Collects the errors of a request's fields, to report them together. */
public final class FieldErrors {
    /** Bounds the response to a large invalid request. */
    private static final int MAX = 100;

    private final List<FieldError> errors = new ArrayList<>();

    public void add(FieldError error) {
        if (errors.size() < MAX) {
            errors.add(error);
        }
    }

    /**
     * Adds an error.
     *
     * @param arguments the parts of the message that vary
     */
    public void add(String field, String code, String message, Object... arguments) {
        add(new FieldError(field, code, message, List.of(arguments)));
    }

    public void add(String field, InvalidValueException e) {
        add(FieldError.of(field, e));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /**
     * Throws if there are errors.
     *
     * @throws ProblemException with status 422
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors).asException();
        }
    }
}
