package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.SubMerchant;
import dev.rung.payments.port.ChannelRefunds;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Refunds at WeChat Pay. The refund's number there ({@code out_refund_no}) is its id; a repeated request is answered with the refund that is there. */
final class WechatpayRefunds implements ChannelRefunds {
    private static final String REFUNDS = "/v3/refund/domestic/refunds";

    private static final String NOT_THERE = "RESOURCE_NOT_EXISTS";

    /**
     * What WeChat Pay refuses because of what was asked, whenever it is asked. {@code NOT_ENOUGH} ends when the operator tops the account up; {@code
     * MCH_NOT_EXISTS} and {@code RESOURCE_NOT_EXISTS} speak of the account's settings, as the payment is known to be paid there.
     */
    private static final Set<String> REFUSALS = Set.of("PARAM_ERROR", "USER_ACCOUNT_ABNORMAL", "TRADE_OVERDUE");

    private final WechatpayGateway gateway;
    private final Supplier<URI> notifyUrl;

    WechatpayRefunds(WechatpayGateway gateway, Supplier<URI> notifyUrl) {
        this.gateway = gateway;
        this.notifyUrl = notifyUrl;
    }

    @Override
    public Exchange request(Payment payment, Refund refund) {
        long start = System.nanoTime();
        Money amount = refund.terms().amount();
        SubMerchant subMerchant = payment.order().subMerchant();
        byte[] content = JsonObject.write(json -> {
            if (subMerchant != null) {
                json.writeStringProperty("sub_mchid", subMerchant.mchId());
            }
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty("out_refund_no", refund.number());
            if (refund.terms().reason() != null) {
                json.writeStringProperty("reason", refund.terms().reason());
            }
            json.writeStringProperty("notify_url", notifyUrl.get().toString());
            json.writeObjectPropertyStart("amount");
            json.writeNumberProperty("refund", amount.value());
            json.writeNumberProperty("total", payment.paidAmount().value());
            json.writeStringProperty("currency", amount.currency().getCurrencyCode());
            json.writeEndObject();
        });
        WechatpayResponse answer = gateway.call("POST", REFUNDS, content, Deadline.in(GatewayClient.CALL));
        RefundEvidence evidence = answer instanceof WechatpayResponse.Verified verified && verified.status() != 200
                ? notAccepted(verified)
                : answered(payment, refund.number(), answer);
        return exchange(evidence, start, answer);
    }

    private static RefundEvidence notAccepted(WechatpayResponse.Verified answer) {
        return REFUSALS.contains(answer.code()) && !answer.isAboutKeys()
                ? new RefundEvidence.Refused(answer.fault())
                : new RefundEvidence.Unknown(answer.fault());
    }

    @Override
    public Exchange query(Payment payment, String number) {
        long start = System.nanoTime();
        SubMerchant subMerchant = payment.order().subMerchant();
        String target = REFUNDS + "/" + URLEncoder.encode(number, UTF_8)
                + (subMerchant == null ? "" : "?sub_mchid=" + subMerchant.mchId());
        WechatpayResponse answer = gateway.call("GET", target, new byte[0], Deadline.in(GatewayClient.CALL));
        return exchange(answered(payment, number, answer), start, answer);
    }

    private static RefundEvidence answered(Payment payment, String number, WechatpayResponse answer) {
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new RefundEvidence.Unknown(unclear.reason());
            case WechatpayResponse.Verified verified
            when verified.status() == 404 && NOT_THERE.equals(verified.code()) ->
                new RefundEvidence.NotFound(verified.fault());
            case WechatpayResponse.Verified verified
            when verified.status() != 200 -> new RefundEvidence.Unknown(verified.fault());
            case WechatpayResponse.Verified verified
            when !payment.id().toString().equals(verified.members().text("out_trade_no"))
                    || !number.equals(verified.members().text("out_refund_no")) ->
                new RefundEvidence.Unknown("the response is for another refund");
            case WechatpayResponse.Verified verified ->
                evidence(verified.members().text("status"), verified.members());
        };
    }

    /**
     * What a status means; the same in answers ({@code status}) and notifications ({@code refund_status}).
     *
     * @param refund the object that has the amount and the numbers
     */
    static RefundEvidence evidence(@Nullable String status, JsonObject refund) {
        return switch (status) {
            case "SUCCESS" -> refunded(refund);
            case "PROCESSING" -> new RefundEvidence.Processing();
            case "CLOSED" -> new RefundEvidence.Failed("WeChat Pay closed the refund");
            // The payer's card is void or frozen: the operator has to send the money another way at the merchant
            // platform.
            case "ABNORMAL" ->
                new RefundEvidence.Stuck("refund status ABNORMAL: decide it at WeChat Pay's merchant platform");
            case null, default -> new RefundEvidence.Unknown("refund status " + status);
        };
    }

    private static RefundEvidence refunded(JsonObject refund) {
        JsonObject amount = refund.object("amount");
        String value = amount == null ? null : amount.text("refund");
        String currency = amount == null ? null : amount.text("currency");
        try {
            return new RefundEvidence.Refunded(
                    refund.text("refund_id"),
                    Money.of(Long.parseLong(String.valueOf(value)), currency == null ? "CNY" : currency),
                    time(refund.text("success_time")));
        } catch (IllegalArgumentException e) {
            return new RefundEvidence.Unknown("reported as refunded, but " + value + " " + currency + " is no amount");
        }
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Exchange exchange(RefundEvidence evidence, long start, WechatpayResponse answer) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), answer.text());
    }
}
