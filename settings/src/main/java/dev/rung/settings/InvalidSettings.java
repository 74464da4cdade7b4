package dev.rung.settings;

import java.util.List;

/** Settings that stop the start. Each problem is a sentence that names the setting and where it came from. */
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
