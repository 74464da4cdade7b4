package dev.rung.payments.bank;

import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import dev.rung.payments.model.Money;
import java.time.Duration;
import java.time.Instant;

/** Sample orders. */
public final class BankOrders {
    public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    public static final Duration DELAY = Duration.ofSeconds(10);

    private BankOrders() {}

    public static BankOrder.Terms terms(String number) {
        return new BankOrder.Terms(
                number,
                "token-of-" + number,
                "trade-" + number,
                Money.of(1230, "CNY"),
                "two teas, 两杯茶",
                "http://127.0.0.1:8080/callbacks/simulator",
                NOON,
                NOON.plusSeconds(900),
                null);
    }

    /** A refund that succeeds a second after noon. */
    public static BankOrder refund(String number, String of, long amount) {
        return BankOrder.placed(
                new BankOrder.Terms(
                        number,
                        "token-of-" + number,
                        "back-" + number,
                        Money.of(amount, "CNY"),
                        "refund",
                        "http://127.0.0.1:8080/callbacks/simulator",
                        NOON,
                        NOON,
                        of),
                new BankBehavior(Outcome.SUCCEEDS, CallbackKind.PROMPT, DELAY, true),
                Duration.ofSeconds(1));
    }

    /** An order that is paid on the bank's page. */
    public static BankOrder byHand(String number) {
        return placed(number, null, CallbackKind.PROMPT);
    }

    /** An order whose outcome is due a second after noon, if it has one. */
    public static BankOrder placed(String number, Outcome outcome, CallbackKind callback) {
        return BankOrder.placed(terms(number), new BankBehavior(outcome, callback, DELAY, true), Duration.ofSeconds(1));
    }
}
