package dev.rung.core.port;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.TraceParent;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes one signed HTTP request to a merchant and decides whether the response acknowledges. Thread-safe.
 *
 * <p>DNS lookup, connect, TLS, request and complete response together end within {@link Receiver#timeout}. Redirects are not followed. No
 * connection is made to an address that is not allowed.
 */
public interface Sender extends AutoCloseable {
    /** The total time of one attempt by default, and of a compensating query. */
    Duration DEADLINE = Duration.ofSeconds(5);

    /** Sends a request. The stage completes shortly after the timeout at the latest, never exceptionally. */
    CompletionStage<Result> send(Request request);

    @Override
    void close();

    /**
     * One attempt to make.
     *
     * @param to the receiver; of a query, the merchant's own URL
     * @param receiver its settings
     * @param number of the attempt, from 1
     * @param now the timestamp of the signature, epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // the payload is passed from store to socket; never compared
    record Request(
            NotificationId id,
            DeliveryKind kind,
            ReceiverId to,
            Receiver receiver,
            Delivery.Content content,
            byte[] payload,
            int number,
            long now) {
        /** The same within another span. */
        public Request withTrace(@Nullable TraceParent span) {
            return new Request(id, kind, to, receiver, content.withTrace(span), payload, number, now);
        }
    }

    /**
     * The result of an attempt.
     *
     * @param error why it is not acknowledged, for users; null when it is. Never contains a secret.
     * @param retryAfter the response's {@code Retry-After}; null if it has none
     * @param exactWait the wait to the next attempt, which replaces the ladder and its end; null: the ladder decides, as for every
     *     notification
     */
    record Result(
            Outcome outcome,
            Attempt.@Nullable Answer answer,
            @Nullable String error,
            @Nullable Duration retryAfter,
            @Nullable Duration exactWait) {
        /** A result after which the ladder decides the wait. */
        public Result(
                Outcome outcome,
                Attempt.@Nullable Answer answer,
                @Nullable String error,
                @Nullable Duration retryAfter) {
            this(outcome, answer, error, retryAfter, null);
        }
    }
}
