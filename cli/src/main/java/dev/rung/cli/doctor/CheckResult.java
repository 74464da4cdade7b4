package dev.rung.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one thing. Never holds a secret.
 *
 * @param subject what was looked at, one word or two
 * @param detail what is so
 * @param remedy what to do about it; null where nothing is to be done
 */
public record CheckResult(
        Level level,
        String subject,
        String detail,
        @Nullable String remedy) {
    /** How good it is. */
    public enum Level {
        OK,
        /** Worth knowing; nothing is broken. */
        NOTE,
        WRONG
    }

    /** Findings as they are made; not for use by several threads. */
    static final class Sheet {
        private final String subject;
        private final List<CheckResult> findings = new ArrayList<>();

        Sheet(String subject) {
            this.subject = subject;
        }

        void ok(String detail) {
            findings.add(new CheckResult(Level.OK, subject, detail, null));
        }

        void note(String detail, String remedy) {
            findings.add(new CheckResult(Level.NOTE, subject, detail, remedy));
        }

        void wrong(String detail, String remedy) {
            findings.add(new CheckResult(Level.WRONG, subject, detail, remedy));
        }

        List<CheckResult> findings() {
            return List.copyOf(findings);
        }
    }
}
