package dev.rung.client;

import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A filter of discrepancies; null matches any.
 *
 * @param kind such as {@code missing_here}
 * @param createdFrom inclusive
 * @param createdTo exclusive
 */
public record DiscrepancyFilter(
        @Nullable String channel,
        @Nullable String kind,
        @Nullable String paymentId,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo) {

    public static final DiscrepancyFilter ANY = new DiscrepancyFilter(null, null, null, null, null);

    public DiscrepancyFilter ofChannel(String value) {
        return new DiscrepancyFilter(value, kind, paymentId, createdFrom, createdTo);
    }

    public DiscrepancyFilter ofKind(String value) {
        return new DiscrepancyFilter(channel, value, paymentId, createdFrom, createdTo);
    }

    public DiscrepancyFilter ofPayment(String value) {
        return new DiscrepancyFilter(channel, kind, value, createdFrom, createdTo);
    }

    public DiscrepancyFilter createdBetween(Instant from, Instant to) {
        return new DiscrepancyFilter(channel, kind, paymentId, from, to);
    }

    void forEach(BiConsumer<String, @Nullable Object> field) {
        field.accept("channel", channel);
        field.accept("kind", kind);
        field.accept("payment_id", paymentId);
        field.accept("created_from", createdFrom);
        field.accept("created_to", createdTo);
    }
}
