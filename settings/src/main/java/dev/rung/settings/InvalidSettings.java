package dev.rung.settings;

import java.util.List;

/** The settings are invalid, so the server does not start. Each problem names the setting and its origin. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf is serializable
    private final List<String> problems;

    public InvalidSettings(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
