package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refunds at Alipay: {@code alipay.trade.refund} and {@code alipay.trade.fastpay.refund.query}. The refund's number there ({@code out_request_no}) is its id.
 *
 * <p>A refund that was requested before is not paid out again, so a request is repeated under its number until Alipay says its result. Only {@code fund_change} Y
 * proves that money moved. A query that names no {@code refund_status} says nothing: Alipay gives the same answer for a refund that it has not received yet.
 */
final class AlipayRefunds implements ChannelRefunds {
    static final String REFUND = "alipay.trade.refund";
    static final String QUERY = "alipay.trade.fastpay.refund.query";

    /**
     * What Alipay refuses because of what was asked, whenever it is asked. Other errors may be temporary: {@code ACQ.SELLER_BALANCE_NOT_ENOUGH} ends when the operator adds funds to the account. {@code ACQ.TRADE_NOT_EXIST} is no refusal of a payment that is paid, and {@code ACQ.DISCORDANT_REPEAT_REQUEST} proves an
     * earlier request.
     */
    private static final Set<String> REFUSALS = Set.of(
            "ACQ.INVALID_PARAMETER",
            "ACQ.TRADE_HAS_FINISHED",
            "ACQ.TRADE_STATUS_ERROR",
            "ACQ.TRADE_HAS_CLOSE",
            "ACQ.TRADE_NOT_ALLOW_REFUND",
            "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
            "ACQ.REASON_TRADE_REFUND_FEE_ERR",
            "ACQ.REFUND_FEE_ERROR");

    private final AlipayGateway gateway;

    AlipayRefunds(AlipayGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Exchange request(Payment payment, Refund refund) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        byte[] content = JsonObject.write(json -> {
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty("out_request_no", refund.number());
            json.writeStringProperty("refund_amount", refund.terms().amount().major());
            if (refund.terms().reason() != null) {
                json.writeStringProperty("refund_reason", refund.terms().reason());
            }
        });
        AlipayResponse answer = gateway.call(REFUND, content, null, payment, deadline);
        return switch (answer) {
            case AlipayResponse.Unclear unclear ->
                exchange(new RefundEvidence.Unknown(unclear.reason()), start, answer);
            case AlipayResponse.Verified verified
            when REFUSALS.contains(verified.code()) ->
                exchange(new RefundEvidence.Refused(verified.fault()), start, answer);
            case AlipayResponse.Verified verified
            when !verified.succeeded() -> exchange(new RefundEvidence.Unknown(verified.fault()), start, answer);
            case AlipayResponse.Verified verified
            when !AlipayGateway.isOf(payment, verified.response()) ->
                exchange(new RefundEvidence.Unknown("the response is for another order"), start, answer);
            case AlipayResponse.Verified verified
            when "Y".equals(verified.response().text("fund_change")) ->
                exchange(
                        new RefundEvidence.Refunded(
                                null,
                                refund.terms().amount(),
                                AlipayTime.parse(verified.response().text("gmt_refund_pay"))),
                        start,
                        answer);
            // It moved no money this time: because it did so before, or is about to. A query says which.
            case AlipayResponse.Verified verified -> query(payment, refund.number(), deadline, start);
        };
    }

    @Override
    public Exchange query(Payment payment, String number) {
        return query(payment, number, Deadline.in(GatewayClient.CALL), System.nanoTime());
    }

    private Exchange query(Payment payment, String number, Deadline deadline, long start) {
        byte[] content = JsonObject.write(json -> {
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty("out_request_no", number);
            json.writeArrayPropertyStart("query_options");
            json.writeString("gmt_refund_pay");
            json.writeEndArray();
        });
        AlipayResponse answer = gateway.call(QUERY, content, null, payment, deadline);
        return exchange(queried(payment, number, answer), start, answer);
    }

    private static RefundEvidence queried(Payment payment, String number, AlipayResponse answer) {
        return switch (answer) {
            case AlipayResponse.Unclear unclear -> new RefundEvidence.Unknown(unclear.reason());
            case AlipayResponse.Verified verified
            when verified.code().equals(AlipayChannel.NOT_THERE) -> new RefundEvidence.NotFound(verified.fault());
            case AlipayResponse.Verified verified
            when !verified.succeeded() -> new RefundEvidence.Unknown(verified.fault());
            case AlipayResponse.Verified verified -> {
                JsonObject response = verified.response();
                String status = response.text("refund_status");
                if (status == null) {
                    yield new RefundEvidence.NotEnded("no refund_status: not received, or not ended");
                }
                if (!AlipayGateway.isOf(payment, response) || !number.equals(response.text("out_request_no"))) {
                    yield new RefundEvidence.Unknown("the response is for another refund");
                }
                yield status.equals("REFUND_SUCCESS")
                        ? refunded(payment, response)
                        : new RefundEvidence.Unknown("refund_status " + status);
            }
        };
    }

    private static RefundEvidence refunded(Payment payment, JsonObject response) {
        String amount = response.text("refund_amount");
        try {
            return new RefundEvidence.Refunded(
                    null,
                    Money.parseMajor(
                            String.valueOf(amount),
                            payment.order().amount().currency().getCurrencyCode()),
                    AlipayTime.parse(response.text("gmt_refund_pay")));
        } catch (IllegalArgumentException e) {
            return new RefundEvidence.Unknown("reported as refunded, but " + amount + " is no amount");
        }
    }

    /**
     * What a callback reports about a refund. Its {@code refund_fee} is the total of all refunds of the trade, not the amount of this one, so that only a query can tell.
     */
    static RefundEvidence ofCallback(@Nullable String totalRefunded) {
        return new RefundEvidence.Unknown(
                "refunds of this trade changed" + (totalRefunded == null ? "" : ", in total " + totalRefunded));
    }

    private static Exchange exchange(RefundEvidence evidence, long start, AlipayResponse answer) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), answer.text());
    }
}
