package dev.rung.core.model;

import java.util.List;

/**
 * A text that is not a value of its type.
 *
 * <p>The message continues the name of the field: {@code "is not a duration such as …"}. The code and the arguments identify the error for
 * programs and translations.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient List<Object> arguments;

    /**
     * @param code stable, in snake case: {@code invalid_duration}
     * @param arguments the parts of the message that vary, in its order
     */
    public InvalidValueException(String code, String message, Object... arguments) {
        super(message);
        this.code = code;
        this.arguments = List.of(arguments);
    }

    public String code() {
        return code;
    }

    public List<Object> arguments() {
        return arguments;
    }
}
