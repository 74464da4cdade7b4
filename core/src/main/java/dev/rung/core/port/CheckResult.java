package dev.rung.core.port;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code rung doctor}: the state of one thing that a server needs. Never contains a secret.
 *
 * @param subject what was checked, in one or two words
 * @param detail its state
 * @param remedy what the user should do; null: nothing
 */
public record CheckResult(
        Level level,
        String subject,
        String detail,
        @Nullable String remedy) {
    /** The severity of a result. */
    public enum Level {
        OK,
        /** Information; nothing is broken. */
        NOTE,
        WRONG
    }

    /** Collects the results about one subject, in order. Not thread-safe. */
    public static final class Report {
        private final String subject;
        private final List<CheckResult> results = new ArrayList<>();

        public Report(String subject) {
            this.subject = subject;
        }

        public void ok(String detail) {
            results.add(new CheckResult(Level.OK, subject, detail, null));
        }

        public void note(String detail, String remedy) {
            results.add(new CheckResult(Level.NOTE, subject, detail, remedy));
        }

        public void wrong(String detail, String remedy) {
            results.add(new CheckResult(Level.WRONG, subject, detail, remedy));
        }

        public List<CheckResult> results() {
            return List.copyOf(results);
        }
    }
}
