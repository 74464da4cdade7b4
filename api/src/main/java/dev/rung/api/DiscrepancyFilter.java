package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.web.FieldReader;
import dev.rung.web.QueryParameters;
import dev.rung.web.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The conditions of a list of discrepancies; null: any. {@code createdFrom} is inclusive, {@code createdTo} exclusive. */
record DiscrepancyFilter(
        @Nullable String channel,
        @Nullable DiscrepancyKind kind,
        @Nullable PaymentId payment,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo) {

    static DiscrepancyFilter read(QueryParameters query) {
        return new DiscrepancyFilter(
                query.text("channel"),
                query.text("kind", DiscrepancyFilter::kind),
                query.text("payment_id", PaymentId::parse),
                query.text("created_from", Timestamps::parse),
                query.text("created_to", Timestamps::parse));
    }

    static DiscrepancyFilter read(FieldReader fields) {
        return new DiscrepancyFilter(
                fields.text("channel"),
                fields.text("kind", DiscrepancyFilter::kind),
                fields.text("payment_id", PaymentId::parse),
                fields.instant("created_from"),
                fields.instant("created_to"));
    }

    private static DiscrepancyKind kind(String text) {
        return CodedEnum.ofText(DiscrepancyKind.class, text);
    }

    /** For the audit. */
    String target() {
        return (kind == null ? "every kind" : kind.text()) + " of " + (channel == null ? "every channel" : channel);
    }

    boolean includes(StoredDiscrepancy discrepancy) {
        return (channel == null || channel.equals(discrepancy.channel()))
                && (kind == null || kind == discrepancy.kind())
                && (payment == null || payment.equals(discrepancy.payment()))
                && (createdFrom == null || !discrepancy.createdAt().isBefore(createdFrom))
                && (createdTo == null || discrepancy.createdAt().isBefore(createdTo));
    }
}
