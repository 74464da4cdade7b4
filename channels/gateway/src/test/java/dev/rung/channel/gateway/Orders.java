package dev.rung.channel.gateway;

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
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;

/** Payments and keys for tests of channels. */
public final class Orders {
    public static final Instant NOON = Instant.parse("2026-11-23T04:00:00Z");

    private Orders() {}

    /** ¥12.30, made at noon of Shanghai's clocks, for fifteen minutes. */
    public static Payment payment(String channel) {
        return payment(channel, Money.of(1230, "CNY"), NOON.plusSeconds(900));
    }

    /** The same, paid in another way. */
    public static Payment payment(String channel, Payment.Checkout checkout) {
        return payment(channel, Money.of(1230, "CNY"), NOON.plusSeconds(900), checkout);
    }

    public static Payment payment(String channel, Money amount, Instant expiresAt) {
        return payment(channel, amount, expiresAt, Payment.Checkout.by(PaymentMethod.QR));
    }

    private static Payment payment(String channel, Money amount, Instant expiresAt, Payment.Checkout checkout) {
        return new Payment(
                new PaymentId(4711),
                new Payment.Order(
                        new MerchantId(5000),
                        "T1001",
                        amount,
                        "两杯茶 & more = 100%",
                        channel,
                        "https://shop.example/pay/notify",
                        Ladder.of("3s"),
                        null,
                        null,
                        checkout),
                new NotificationId(1),
                PaymentState.CREATED,
                NOON,
                expiresAt,
                null,
                Payment.Access.NONE,
                null,
                null,
                Payment.Funds.NONE,
                1);
    }

    /** A refund of a part of {@link #payment}. */
    public static Refund refund(Payment payment, long amount) {
        Payment.Order order = payment.order();
        return new Refund(
                new RefundId(4713),
                new Refund.Terms(
                        payment.id(),
                        order.merchantId(),
                        order.outTradeNo(),
                        order.channel(),
                        "R1",
                        null,
                        Money.of(amount, "CNY"),
                        "茶凉了",
                        order.notifyUrl(),
                        order.ladder(),
                        null),
                new NotificationId(2),
                RefundState.PROCESSING,
                NOON,
                NOON,
                null,
                null,
                null,
                null,
                false,
                1);
    }

    public static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
