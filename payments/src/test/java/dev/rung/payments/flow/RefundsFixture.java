package dev.rung.payments.flow;

import dev.rung.core.model.NotificationId;
import dev.rung.core.port.Sample;
import dev.rung.core.port.Sender;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import dev.rung.payments.port.PaymentChannel.Callback;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/** A payment that is paid, and what tests of its refunds do. */
abstract class RefundsFixture {

    static final Instant REFUNDED_AT = Instant.parse("2026-03-01T10:00:00.500Z");

    final FlowFixture fixture = new FlowFixture();
    final Payment payment = paid("T1");

    Payment paid(String number) {
        Payment placed = fixture.placed(number);
        fixture.channel.querying = TestChannel::paid;
        return fixture.payments.sync(placed.id()).orElseThrow();
    }

    RefundResult request(String number, long amount) {
        return request(payment, number, amount);
    }

    RefundResult request(Payment of, String number, long amount) {
        return fixture.payments
                .refunds()
                .request(new RefundRequest(
                        of,
                        number,
                        Money.of(amount, "CNY"),
                        "cold \"tea\"",
                        "https://shop.example/refunded",
                        of.order().ladder(),
                        null,
                        Sample.sha256(number + amount)))
                .toCompletableFuture()
                .join();
    }

    Refund accepted(String number, long amount) {
        return ((RefundResult.Accepted) request(number, amount)).refund();
    }

    Refund now(Refund refund) {
        return fixture.store.refunds().find(refund.id()).orElseThrow();
    }

    void answers(RefundEvidence evidence) {
        fixture.channel.refunding = refund -> new Exchange(evidence, 12, "answered");
    }

    void queriesFind(RefundEvidence evidence) {
        fixture.channel.queryingRefund = number -> new Exchange(evidence, 12, "found");
    }

    static RefundEvidence.Refunded refunded(long amount) {
        return new RefundEvidence.Refunded("5030", Money.of(amount, "CNY"), REFUNDED_AT);
    }

    Sender.Result query(Refund refund) {
        return fixture.query(Objects.requireNonNull(refund.queryId()));
    }

    String callBack(String refundNo, RefundEvidence evidence) {
        fixture.channel.reading =
                body -> new Callback.VerifiedRefund(payment.id().toString(), refundNo, evidence);
        return fixture.payments
                .callback("simulator", TestChannel.callback("refund " + refundNo + evidence))
                .orElseThrow()
                .body();
    }

    String lastPayload() {
        NotificationId id = fixture.merchantNotifications().getFirst().id();
        return new String(Objects.requireNonNull(fixture.notifications.payload(id)), StandardCharsets.UTF_8);
    }
}
