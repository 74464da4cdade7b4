package dev.rung.payments.history;

import dev.rung.payments.history.Bank.Order;
import dev.rung.payments.history.BankRefunds.BankRefund;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The network between a process and the bank, where calls and answers are lost. */
final class BankChannel implements PaymentChannel {
    static final String NAME = "simulator";
    /** A refund that was accepted may be missing in queries for this long. */
    private static final int OVERLOOKED_FOR_MILLIS = 40_000;

    private static final int ANSWERED_WITHIN_MILLIS = 300;

    private final Way way;
    private final TimeAndRandom time;
    private final Bank bank;
    private final Supplier<HistoryFaultRates> troubles;

    /**
     * The environment of the channel.
     *
     * @param step called where the process may die
     * @param patienceMillis how long the caller waits for an answer
     * @param plans the plans of payments
     * @param ended called when the bank has finished an order
     * @param refundEnded called when the bank has finished a refund
     */
    record Way(
            Runnable step,
            int patienceMillis,
            Function<Payment, PaymentPlan> plans,
            Consumer<Order> ended,
            Consumer<BankRefund> refundEnded) {}

    BankChannel(Way way, TimeAndRandom time, Bank bank, Supplier<HistoryFaultRates> troubles) {
        this.way = way;
        this.time = time;
        this.bank = bank;
        this.troubles = troubles;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return null;
    }

    /** Makes a call over the network: null if the caller gets no answer, though the call may have had its effect. */
    private <T> @Nullable T call(Supplier<T> effect) {
        way.step().run();
        HistoryFaultRates rates = troubles.get();
        boolean troubled = time.now() < rates.until();
        if (troubled && time.chance(rates.late())) {
            time.runAt(time.now() + time.upTo(20_000), effect::get);
            return giveUp();
        }
        if (troubled && time.chance(rates.lost() / 2)) {
            return giveUp();
        }
        T answer = effect.get();
        if (troubled && time.chance(rates.lost() / 2)) {
            return giveUp();
        }
        time.sleep(time.upTo(ANSWERED_WITHIN_MILLIS));
        way.step().run();
        return answer;
    }

    private <T> @Nullable T giveUp() {
        time.sleep(time.chance(0.5) ? way.patienceMillis() : time.upTo(ANSWERED_WITHIN_MILLIS));
        way.step().run();
        return null;
    }

    private Order order(Payment payment) {
        bank.expect(payment.id(), payment.order().amount(), way.plans().apply(payment));
        return java.util.Objects.requireNonNull(bank.order(payment.id()));
    }

    @Override
    public Placement place(Payment payment) {
        Order order = order(payment);
        Placement answer = call(() -> {
            boolean has = order.placed;
            if (bank.place(order, way.ended())) {
                return new Placement.Placed("https://bank.example/" + payment.id());
            }
            return !has || troubles.get().curt()
                    ? new Placement.Rejected("the bank will not have it")
                    : new Placement.Unclear("there is such an order");
        });
        return answer == null ? new Placement.Unclear("no answer") : answer;
    }

    @Override
    public Exchange query(Payment payment) {
        Order order = order(payment);
        if (troubles.get().silent()) {
            giveUp();
            return new Exchange(new Evidence.Unknown("no answer"), way.patienceMillis(), null);
        }
        return exchange(call(() -> {
            HistoryFaultRates rates = troubles.get();
            boolean overlooked = time.now() < rates.until() && time.chance(rates.notFound());
            return !order.placed && !order.closed || overlooked
                    ? new Evidence.NotFound("no such order")
                    : order.state();
        }));
    }

    @Override
    public Exchange close(Payment payment) {
        Order order = order(payment);
        if (troubles.get().silent()) {
            giveUp();
            return new Exchange(new Evidence.Unknown("no answer"), way.patienceMillis(), null);
        }
        return exchange(call(() -> bank.close(order, troubles.get().closesStrangers())));
    }

    private Exchange exchange(@Nullable Evidence evidence) {
        return evidence == null
                ? new Exchange(new Evidence.Unknown("no answer"), way.patienceMillis(), null)
                : new Exchange(evidence, 20, evidence.toString());
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(new Refunds());
    }

    private final class Refunds implements ChannelRefunds {
        @Override
        public Exchange request(Payment payment, Refund refund) {
            Order order = order(payment);
            return answer(call(() -> bank.refunds()
                    .request(refund.number(), order, refund.terms().amount(), way.refundEnded())));
        }

        @Override
        public Exchange query(Payment payment, String number) {
            if (troubles.get().silent()) {
                giveUp();
                return answer(null);
            }
            return answer(call(() -> {
                HistoryFaultRates rates = troubles.get();
                BankRefund refund = bank.refunds().find(number);
                boolean overlooked = refund != null
                        && time.now() < Math.min(rates.until(), refund.acceptedAt + OVERLOOKED_FOR_MILLIS)
                        && time.chance(rates.notFound());
                return refund == null || !refund.accepted || overlooked
                        ? new RefundEvidence.NotFound("no such refund")
                        : refund.state();
            }));
        }

        private Exchange answer(@Nullable RefundEvidence evidence) {
            return evidence == null
                    ? new Exchange(new RefundEvidence.Unknown("no answer"), way.patienceMillis(), null)
                    : new Exchange(evidence, 20, evidence.toString());
        }
    }

    @Override
    public Set<String> signatureHeaders() {
        return Set.of("signature");
    }

    /** The callback that the bank sends. */
    static CallbackRequest callback(Order order, Evidence evidence, boolean genuine) {
        String body = switch (evidence) {
            case Evidence.Paid(String tradeNo, Money amount, Instant at) ->
                order.id + " paid " + tradeNo + " " + amount.value() + " " + (at == null ? 0 : at.toEpochMilli());
            case Evidence.Unpaid() -> order.id + " unpaid";
            case Evidence.Failed(String reason) -> order.id + " failed";
            case Evidence.Closed() -> order.id + " closed";
            case Evidence.Rejected(String reason) -> order.id + " rejected";
            case Evidence.NotFound(String reason) -> order.id + " unknown";
            case Evidence.Unknown(String reason) -> order.id + " unknown";
        };
        return new CallbackRequest(
                Map.of("signature", List.of(genuine ? "good" : "bad"), "host", List.of("shop.example")),
                null,
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** The callback that the bank sends about a refund; one in two does not say what became of it. */
    static CallbackRequest callback(BankRefund refund, boolean outspoken) {
        String body = refund.order.id + " refund " + refund.number + " "
                + switch (refund.state()) {
                    case RefundEvidence.Refunded(String no, Money amount, Instant at)
                    when outspoken -> "refunded " + amount.value() + " " + (at == null ? 0 : at.toEpochMilli());
                    case RefundEvidence.Failed(String reason) when outspoken -> "failed";
                    default -> "changed";
                };
        return new CallbackRequest(Map.of("signature", List.of("good")), null, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Callback refundCallback(String[] words) {
        return new Callback.VerifiedRefund(
                words[0],
                words[2],
                switch (words[3]) {
                    case "refunded" ->
                        new RefundEvidence.Refunded(
                                "back-" + words[2],
                                Money.of(Long.parseLong(words[4]), "CNY"),
                                Instant.ofEpochMilli(Long.parseLong(words[5])));
                    case "failed" -> new RefundEvidence.Failed("the card is blocked");
                    default -> new RefundEvidence.Unknown("the bank has to be queried");
                });
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        if (!request.headers().getOrDefault("signature", List.of()).contains("good")) {
            return new Callback.Unverified("the signature is wrong");
        }
        String[] words = new String(request.body(), StandardCharsets.UTF_8).split(" ");
        if (words[1].equals("refund")) {
            return refundCallback(words);
        }
        Evidence evidence = switch (words[1]) {
            case "paid" ->
                new Evidence.Paid(
                        words[2],
                        Money.of(Long.parseLong(words[3]), "CNY"),
                        Instant.ofEpochMilli(Long.parseLong(words[4])));
            case "unpaid" -> new Evidence.Unpaid();
            case "failed" -> new Evidence.Failed("the payer was turned down");
            default -> new Evidence.Closed();
        };
        return new Callback.Verified(words[0], evidence);
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(200, "text/plain", accepted ? "success" : "failure");
    }
}
