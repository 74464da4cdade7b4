package dev.rung.channel.testkit;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Creates payments with distinct ids. */
public final class SamplePayments {
    /** The first id is random, because a sandbox may remember the orders of earlier runs. */
    private static final AtomicLong NUMBERS =
            new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 41) << 20);

    private SamplePayments() {}

    /**
     * A refund of a payment, not yet requested.
     *
     * @param amount in minor units
     */
    public static Refund refund(Payment payment, long amount) {
        long number = NUMBERS.addAndGet(2);
        Payment.Order order = payment.order();
        return new Refund(
                new RefundId(number),
                new Refund.Terms(
                        payment.id(),
                        order.merchantId(),
                        order.outTradeNo(),
                        order.channel(),
                        "R" + number,
                        null,
                        new Money(amount, order.amount().currency()),
                        "one tea was cold, 茶凉了 & more = 100%",
                        order.notifyUrl(),
                        order.ladder(),
                        order.ladderName()),
                new NotificationId(number + 1),
                RefundState.PROCESSING,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                null,
                null,
                null,
                null,
                null,
                false,
                1);
    }

    /** A payment of 12.30 in this currency that expires in fifteen minutes. */
    public static Payment payment(
            String channel, PaymentMethod method, String currency, @Nullable String channelOptions) {
        long number = NUMBERS.addAndGet(2);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Payment(
                new PaymentId(number),
                new Payment.Order(
                        new MerchantId(5_000),
                        "T" + number,
                        Money.parseMajor(currency.equals("JPY") ? "1230" : "12.30", currency),
                        "two teas, 两杯茶 & more = 100%",
                        channel,
                        "https://shop.example/notify",
                        Ladder.of("3s"),
                        null,
                        channelOptions,
                        Payment.Checkout.by(method)),
                new NotificationId(number + 1),
                PaymentState.CREATED,
                now,
                now.plus(Duration.ofMinutes(15)),
                null,
                Payment.Access.NONE,
                null,
                null,
                Payment.Funds.NONE,
                1);
    }
}
