package dev.rung.core.port;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes one signed HTTP request to a merchant and judges the answer. Thread-safe.
 *
 * <p>Everything together (look-up, connect, TLS, request, headers, the whole body) ends within {@link #DEADLINE}. Redirects are not
 * followed. No connection is made to an address that is not allowed.
 */
public interface Sender extends AutoCloseable {
    /** The total time of one attempt. Source: part 7 of the product's description. */
    Duration DEADLINE = Duration.ofSeconds(5);

    /** Sends. The stage completes within the deadline (and a little), never exceptionally. */
    CompletionStage<Result> send(Request request);

    @Override
    void close();

    /**
     * What to send.
     *
     * @param merchant whose notification or payment it is about
     * @param number of the attempt, from 1
     * @param now the time to sign with, epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // the payload goes from store to socket; nobody compares it
    record Request(
            NotificationId id,
            DeliveryKind kind,
            Merchant merchant,
            Delivery.Content content,
            byte[] payload,
            int number,
            long now) {}

    /**
     * What came of it.
     *
     * @param error why it is not acknowledged, for a person; null when it is. Never a secret.
     * @param retryAfter the wait that a response asked for by {@code Retry-After}; null if none did
     * @param exactWait the wait to the next attempt, where whoever made this one knows it better than the ladder, which then has no say and no
     *     end; null for merchants
     */
    record Result(
            Outcome outcome,
            Attempt.@Nullable Answer answer,
            @Nullable String error,
            @Nullable Duration retryAfter,
            @Nullable Duration exactWait) {
        /** The ladder decides what follows. */
        public Result(
                Outcome outcome,
                Attempt.@Nullable Answer answer,
                @Nullable String error,
                @Nullable Duration retryAfter) {
            this(outcome, answer, error, retryAfter, null);
        }
    }
}
