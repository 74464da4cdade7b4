package dev.rung.core.port;

import java.util.concurrent.CompletionStage;

/**
 * Receives the notifications that producers submit through a broker, and passes each to its {@link Handler}. Thread-safe.
 *
 * <p>A submission is removed from the broker when its verdict is {@link Verdict.Accepted}, or when it is {@link Verdict.Invalid} and was
 * published with the reason to the queue of rejected ones. After {@link Verdict.TryLater} it is passed to the handler again, with growing
 * pauses. The number of submissions in progress is bounded. After a lost connection some are passed to the handler twice.
 */
public interface SubmissionSource extends AutoCloseable {

    /** Starts receiving as soon as the broker is reachable. Called once. */
    void start();

    /** Whether submissions can be received now. */
    boolean isConnected();

    /** Stops receiving, waits briefly for outstanding verdicts, and disconnects. The broker keeps the other submissions. */
    @Override
    void close();

    /** Handles submissions. Called by one thread; must return quickly. */
    @FunctionalInterface
    interface Handler {
        /**
         * Handles a submission.
         *
         * @return completes with the verdict; an exceptional completion counts as {@link Verdict.TryLater}
         */
        CompletionStage<Verdict> handle(Submission submission);
    }

    /** The result of a submission. */
    sealed interface Verdict {
        /** It is committed, now or before. */
        record Accepted() implements Verdict {}

        /**
         * It is rejected for its content; a repetition would be too.
         *
         * @param reason for the producer's operators
         */
        record Invalid(String reason) implements Verdict {}

        /** Intake is overloaded, or the store is unavailable. */
        record TryLater() implements Verdict {}
    }
}
