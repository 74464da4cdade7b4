package dev.rung.core.port;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes the notifications that producers submit through a broker, and passes each to its {@link Handler}. Thread-safe.
 *
 * <p>A submission leaves the broker only when its verdict is {@link Verdict.Accepted}, or when it was {@link Verdict.Invalid} and the
 * broker keeps it with the reason. One to be tried later is passed to the handler again, with growing pauses. A bounded number is with
 * the handler at any time. A lost connection repeats submissions, so that the handler sees some twice.
 */
public interface SubmissionSource extends AutoCloseable {

    /** Begins to take submissions, as soon as the broker is reachable. Called once. */
    void start();

    /** Whether submissions arrive now. */
    boolean isConnected();

    /** Takes no more, waits briefly for the verdicts that are due, and disconnects; the broker keeps the rest. */
    @Override
    void close();

    /** Handles submissions. Called by one thread; must return quickly. */
    @FunctionalInterface
    interface Handler {
        /**
         * Handles one.
         *
         * @param routingKey a merchant's id, or empty
         * @param messageId the idempotency key, if the producer gave one
         * @return completes with the verdict; exceptionally counts as {@link Verdict.TryLater}
         */
        CompletionStage<Verdict> handle(String routingKey, @Nullable String messageId, byte[] body);
    }

    /** What becomes of a submission. */
    sealed interface Verdict {
        /** It is committed, or was before. */
        record Accepted() implements Verdict {}

        /**
         * It will never be acceptable.
         *
         * @param reason for the producer's operators
         */
        record Invalid(String reason) implements Verdict {}

        /** Too much is waiting, or the store is unavailable. */
        record TryLater() implements Verdict {}
    }
}
