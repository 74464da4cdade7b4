package dev.rung.core.port;

import dev.rung.core.model.RejectedId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The submissions that intake rejected, as the broker keeps them. Thread-safe; one caller of all servers at a time, the others wait. */
public interface RejectedSubmissions {
    /** That of a queue without submissions. */
    RejectedSubmissions NONE = new RejectedSubmissions() {
        @Override
        public void visit(Visitor visitor) {}

        @Override
        public Optional<Long> count() {
            return Optional.of(0L);
        }
    };

    /**
     * A rejected submission.
     *
     * @param rejectedAtMillis null if the broker moved it here without a verdict from Rung
     */
    record Rejected(RejectedId id, @Nullable Long rejectedAtMillis, String reason, Submission submission) {}

    /** Reads a submission and decides what happens next. */
    @FunctionalInterface
    interface Visitor {
        Next visit(Rejected rejected);
    }

    /** What happens after a visit. */
    enum Next {
        /** It is kept; the next one is visited. */
        CONTINUE,
        /** It is kept; the visits end. */
        STOP,
        /** It is removed; the visits end. */
        REMOVE
    }

    /**
     * Visits the submissions, roughly in the order of their rejection, until the visitor ends it. In a very long queue it visits only the first few thousand.
     *
     * @throws UnavailableException if the broker cannot be reached, or others use the queue for too long
     */
    void visit(Visitor visitor);

    /** How many there are; empty if the broker cannot be reached. */
    Optional<Long> count();

    /** The broker does not answer. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
