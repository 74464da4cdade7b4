package dev.rung.channel.stripe;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.stripe.StripeGateway.Response;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refunds at Stripe, which knows them by their metadata. Thread-safe. */
final class StripeRefunds implements ChannelRefunds {
    static final String REFUND = "rung_refund";

    private final StripeGateway gateway;
    private final StripeOrders orders;

    StripeRefunds(StripeGateway gateway, StripeOrders orders) {
        this.gateway = gateway;
        this.orders = orders;
    }

    @Override
    public Exchange request(Payment payment, Refund refund) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        String intent = orders.intent(payment, deadline);
        if (intent == null) {
            return exchange(new RefundEvidence.Unknown("the payment is not known at Stripe"), start, null);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("payment_intent", intent);
        try {
            fields.put("amount", Long.toString(StripeAmounts.of(refund.terms().amount())));
        } catch (IllegalArgumentException e) {
            return exchange(new RefundEvidence.Refused(String.valueOf(e.getMessage())), start, null);
        }
        fields.put("metadata[" + StripeOrders.PAYMENT + "]", payment.id().toString());
        fields.put("metadata[" + REFUND + "]", refund.number());
        Response response = gateway.post("/v1/refunds", fields, refund.number(), deadline);
        RefundEvidence evidence = switch (response) {
            case Response.Found(JsonObject object, String ignored) -> evidence(object);
            case Response.Refused(String reason, String ignored) -> new RefundEvidence.Refused(reason);
            case Response.Missing(String reason, String ignored) -> new RefundEvidence.Unknown(reason);
            case Response.Unclear(String reason, String ignored) -> new RefundEvidence.Unknown(reason);
        };
        return exchange(evidence, start, response.text());
    }

    @Override
    public Exchange query(Payment payment, String number) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        String intent = orders.intent(payment, deadline);
        if (intent == null) {
            return exchange(new RefundEvidence.Unknown("the payment is not known at Stripe"), start, null);
        }
        Response response = gateway.get("/v1/refunds?limit=100&payment_intent=" + intent, deadline);
        RefundEvidence evidence = switch (response) {
            case Response.Found(JsonObject list, String ignored) ->
                list.objects("data").stream()
                        .filter(refund -> number.equals(StripeOrders.metadata(refund, REFUND))
                                || number.equals(refund.text("id")))
                        .findFirst()
                        .map(StripeRefunds::evidence)
                        .orElseGet(() -> new RefundEvidence.NotFound("Stripe has no such refund of the payment"));
            case Response.Refused(String reason, String ignored) -> new RefundEvidence.Unknown(reason);
            case Response.Missing(String reason, String ignored) -> new RefundEvidence.Unknown(reason);
            case Response.Unclear(String reason, String ignored) -> new RefundEvidence.Unknown(reason);
        };
        return exchange(evidence, start, response.text());
    }

    /** What a refund object means. */
    static RefundEvidence evidence(JsonObject refund) {
        String status = refund.text("status");
        return switch (status) {
            case "succeeded" -> refunded(refund);
            case "pending" -> new RefundEvidence.Processing();
            case "requires_action" -> new RefundEvidence.Processing();
            case "failed" -> new RefundEvidence.Failed(failure(refund));
            case "canceled" -> new RefundEvidence.Failed("the refund was canceled");
            case null, default -> new RefundEvidence.Unknown("refund status " + status);
        };
    }

    private static String failure(JsonObject refund) {
        String reason = refund.text("failure_reason");
        return reason == null ? "the refund failed" : "the refund failed: " + reason;
    }

    private static RefundEvidence refunded(JsonObject refund) {
        try {
            String created = refund.text("created");
            return new RefundEvidence.Refunded(
                    refund.text("id"),
                    StripeAmounts.money(String.valueOf(refund.text("amount")), String.valueOf(refund.text("currency"))),
                    created == null ? null : Instant.ofEpochSecond(Long.parseLong(created)));
        } catch (IllegalArgumentException e) {
            return new RefundEvidence.Unknown("refunded, but the amount or the time is malformed");
        }
    }

    private static Exchange exchange(RefundEvidence evidence, long start, @Nullable String text) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), text);
    }
}
