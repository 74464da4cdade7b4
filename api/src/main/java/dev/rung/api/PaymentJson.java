package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Ids;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.model.WaitingApproval;
import dev.rung.web.JsonWriter;
import dev.rung.web.Utf8;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Currency;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes payments, refunds, discrepancies and callbacks as JSON. */
final class PaymentJson {
    private PaymentJson() {}

    static void payment(JsonGenerator g, Payment payment, MerchantCache merchantCache) {
        Payment.Order order = payment.order();
        g.writeStartObject();
        g.writeStringProperty("id", payment.id().toString());
        g.writeStringProperty("merchant_id", order.merchantId().toString());
        g.writeStringProperty("out_trade_no", order.outTradeNo());
        amount(g, "amount", order.amount().value(), order.amount().currency());
        g.writeStringProperty("subject", order.subject());
        g.writeStringProperty("channel", order.channel());
        g.writeName("channel_options");
        g.writeRawValue(order.channelOptions() == null ? "null" : order.channelOptions());
        checkout(g, order.checkout());
        g.writeStringProperty("state", payment.state().text());
        g.writeStringProperty("pay_url", payment.payUrl());
        g.writeName("pay_params");
        g.writeRawValue(
                payment.access().params() == null ? "null" : payment.access().params());
        g.writeStringProperty("problem", payment.access().problem());
        g.writeStringProperty("channel_trade_no", payment.channelTradeNo());
        g.writeStringProperty(
                "notify_url",
                order.notifyUrl() != null
                        ? order.notifyUrl()
                        : merchantCache
                                .find(order.merchantId())
                                .map(m -> m.receiver().url())
                                .orElse(null));
        LadderFields.write(g, "ladder", order.ladder());
        g.writeStringProperty("ladder_name", order.ladderName());
        time(g, "created_at", payment.createdAt());
        time(g, "expires_at", payment.expiresAt());
        time(g, "close_requested_at", payment.closeRequestedAt());
        time(g, "paid_at", payment.paidAt());
        amount(g, "paid", payment.funds().paid(), order.amount().currency());
        amount(g, "refunded", payment.funds().refunded(), order.amount().currency());
        g.writeEndObject();
    }

    private static void checkout(JsonGenerator g, Payment.Checkout checkout) {
        g.writeStringProperty("method", checkout.method().text());
        g.writeStringProperty("return_url", checkout.returnUrl());
        g.writeStringProperty("payer_ip", checkout.payerIp());
        g.writeStringProperty("payer_id", checkout.payerId());
        g.writeStringProperty("attach", checkout.attach());
    }

    static void refund(JsonGenerator g, Refund refund) {
        Refund.Terms terms = refund.terms();
        g.writeStartObject();
        g.writeStringProperty("id", refund.id().toString());
        g.writeStringProperty("merchant_id", terms.merchantId().toString());
        g.writeStringProperty("payment_id", terms.payment().toString());
        g.writeStringProperty("out_trade_no", terms.outTradeNo());
        g.writeStringProperty("out_refund_no", terms.outRefundNo());
        amount(g, "amount", terms.amount().value(), terms.amount().currency());
        g.writeStringProperty("reason", terms.reason());
        g.writeStringProperty("channel", terms.channel());
        g.writeStringProperty("made_by", terms.channelNumber() == null ? "merchant" : "channel");
        g.writeStringProperty("state", refund.state().text());
        g.writeStringProperty("channel_refund_no", refund.channelRefundNo());
        g.writeStringProperty("failure", refund.failure());
        g.writeStringProperty("notify_url", terms.notifyUrl());
        approval(g, refund);
        time(g, "created_at", refund.createdAt());
        time(g, "refunded_at", refund.refundedAt());
        g.writeEndObject();
    }

    private static void approval(JsonGenerator g, Refund refund) {
        Approval approval = refund.approval();
        if (approval == null) {
            g.writeNullProperty("approval");
            return;
        }
        g.writeObjectPropertyStart("approval");
        String ended = approval.isWaiting() ? "rejected" : "approved";
        g.writeStringProperty("state", refund.isWaitingForApproval() ? "waiting" : ended);
        g.writeStringProperty("requested_by", approval.requestedBy());
        g.writeStringProperty("approved_by", approval.approvedBy());
        time(g, "approved_at", approval.approvedAt());
        g.writeEndObject();
    }

    private static void amount(JsonGenerator g, String name, long value, Currency currency) {
        g.writeObjectPropertyStart(name);
        g.writeNumberProperty("value", value);
        g.writeStringProperty("currency", currency.getCurrencyCode());
        g.writeEndObject();
    }

    static void discrepancy(JsonGenerator g, StoredDiscrepancy discrepancy) {
        StoredDiscrepancy.Resolution resolution = discrepancy.resolution();
        g.writeStartObject();
        g.writeStringProperty("id", discrepancy.id().toString());
        g.writeStringProperty("kind", discrepancy.kind().text());
        g.writeStringProperty("channel", discrepancy.channel());
        g.writeStringProperty("subject", discrepancy.subject());
        g.writeStringProperty(
                "payment_id",
                discrepancy.payment() == null ? null : discrepancy.payment().toString());
        g.writeStringProperty("detail", discrepancy.detail());
        g.writeStringProperty("state", resolution == null ? "open" : "resolved");
        time(g, "created_at", discrepancy.createdAt());
        approval(g, discrepancy.request());
        if (resolution == null) {
            g.writeNullProperty("resolution");
        } else {
            g.writeObjectPropertyStart("resolution");
            g.writeStringProperty("note", resolution.note());
            g.writeStringProperty("by", resolution.by());
            time(g, "at", resolution.at());
            g.writeStringProperty(
                    "accepted",
                    resolution.accepted() == null ? null : resolution.accepted().text());
            g.writeEndObject();
        }
        g.writeEndObject();
    }

    private static void approval(JsonGenerator g, StoredDiscrepancy.@Nullable AcceptRequest request) {
        if (request == null) {
            g.writeNullProperty("approval");
            return;
        }
        g.writeObjectPropertyStart("approval");
        g.writeStringProperty("state", "waiting");
        g.writeStringProperty("accept", request.acceptance().text());
        g.writeStringProperty("note", request.note());
        g.writeStringProperty("requested_by", request.by().name());
        time(g, "requested_at", request.at());
        g.writeEndObject();
    }

    static void waitingApproval(JsonGenerator g, WaitingApproval waiting) {
        g.writeStartObject();
        g.writeStringProperty(
                "kind",
                switch (waiting) {
                    case WaitingApproval.OfRefund ignored -> "refund";
                    case WaitingApproval.OfDiscrepancy ignored -> "discrepancy";
                });
        g.writeStringProperty("requested_by", waiting.requestedBy());
        time(g, "requested_at", waiting.requestedAt());
        g.writeName("refund");
        if (waiting instanceof WaitingApproval.OfRefund(Refund refund)) {
            refund(g, refund);
        } else {
            g.writeNull();
        }
        g.writeName("discrepancy");
        if (waiting instanceof WaitingApproval.OfDiscrepancy(StoredDiscrepancy discrepancy)) {
            discrepancy(g, discrepancy);
        } else {
            g.writeNull();
        }
        g.writeEndObject();
    }

    static void reconciliation(JsonGenerator g, StoredReconciliation reconciliation) {
        g.writeStartObject();
        g.writeStringProperty("id", reconciliation.id().toString());
        g.writeStringProperty("channel", reconciliation.channel());
        g.writeStringProperty("day", reconciliation.day().toString());
        g.writeStringProperty("state", state(reconciliation));
        time(g, "created_at", reconciliation.createdAt());
        time(g, "finished_at", reconciliation.finishedAt());
        g.writeStringProperty("problem", reconciliation.problem());
        g.writeName("result");
        g.writeRawValue(reconciliation.report() == null ? "null" : reconciliation.report());
        g.writeEndObject();
    }

    private static String state(StoredReconciliation reconciliation) {
        if (reconciliation.isGivenUp()) {
            return "given_up";
        }
        return reconciliation.isFinished() ? "finished" : "waiting";
    }

    static void callback(JsonGenerator g, StoredCallback callback, boolean withBody) {
        g.writeStartObject();
        g.writeStringProperty("id", Ids.text("cbk_", callback.id()));
        g.writeStringProperty("channel", callback.channel());
        time(g, "received_at", callback.receivedAt());
        g.writeStringProperty("detail", callback.verdict());
        g.writeNumberProperty("body_bytes", callback.body().length);
        if (withBody) {
            whatCame(g, callback);
        }
        g.writeEndObject();
    }

    /** Writes the body and the headers that the signature covers. */
    static void whatCame(JsonGenerator g, StoredCallback callback) {
        boolean isText = Utf8.isValid(callback.body());
        g.writeStringProperty("headers", callback.headers());
        g.writeStringProperty("encoding", isText ? "text" : "base64");
        g.writeStringProperty(
                "body",
                isText
                        ? new String(callback.body(), StandardCharsets.UTF_8)
                        : Base64.getEncoder().encodeToString(callback.body()));
    }

    static void time(JsonGenerator g, String name, @Nullable Instant at) {
        JsonWriter.time(g, name, at == null ? null : at.toEpochMilli());
    }
}
