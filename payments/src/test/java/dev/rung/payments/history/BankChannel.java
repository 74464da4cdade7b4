package dev.rung.payments.history;

import dev.rung.payments.history.Bank.Order;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way from a process to the bank, on which calls and answers are lost. */
final class BankChannel implements PaymentChannel {
    static final String NAME = "simulator";
    private static final int PATIENCE_MILLIS = 4_800;

    private final Host host;
    private final Turns turns;
    private final Bank bank;
    private final Trouble trouble;
    private final Consumer<Order> ended;

    BankChannel(Host host, Turns turns, Bank bank, Trouble trouble, Consumer<Order> ended) {
        this.host = host;
        this.turns = turns;
        this.bank = bank;
        this.trouble = trouble;
        this.ended = ended;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return null;
    }

    /** A call as it fares on its way: null when its caller has no answer, though it may have had its effect. */
    private <T> @Nullable T call(Supplier<T> effect) {
        host.step();
        boolean troubled = turns.now() < trouble.until();
        if (troubled && turns.chance(trouble.late())) {
            turns.runAt(turns.now() + turns.upTo(20_000), effect::get);
            return giveUp();
        }
        if (troubled && turns.chance(trouble.lost() / 2)) {
            return giveUp();
        }
        T answer = effect.get();
        if (troubled && turns.chance(trouble.lost() / 2)) {
            return giveUp();
        }
        turns.sleep(turns.upTo(300));
        host.step();
        return answer;
    }

    private <T> @Nullable T giveUp() {
        turns.sleep(turns.chance(0.5) ? PATIENCE_MILLIS : turns.upTo(300));
        host.step();
        return null;
    }

    private Order order(Payment payment) {
        bank.expect(payment.id(), payment.order().amount(), host.history().planOf(payment));
        return java.util.Objects.requireNonNull(bank.order(payment.id()));
    }

    @Override
    public Placement place(Payment payment) {
        Order order = order(payment);
        Placement answer = call(() -> {
            boolean has = order.placed;
            if (bank.place(order, ended)) {
                return new Placement.Placed("https://bank.example/" + payment.id());
            }
            return !has || trouble.curt()
                    ? new Placement.Rejected("the bank will not have it")
                    : new Placement.Unclear("there is such an order");
        });
        return answer == null ? new Placement.Unclear("no answer") : answer;
    }

    @Override
    public Exchange query(Payment payment) {
        Order order = order(payment);
        if (trouble.silent()) {
            giveUp();
            return new Exchange(new Evidence.Unknown("no answer"), PATIENCE_MILLIS, null);
        }
        return exchange(call(() -> {
            boolean overlooked = turns.now() < trouble.until() && turns.chance(trouble.notFound());
            return !order.placed && !order.closed || overlooked ? new Evidence.Unknown("no such order") : order.state();
        }));
    }

    @Override
    public Exchange close(Payment payment) {
        Order order = order(payment);
        if (trouble.silent()) {
            giveUp();
            return new Exchange(new Evidence.Unknown("no answer"), PATIENCE_MILLIS, null);
        }
        return exchange(call(() -> bank.close(order, trouble.closesStrangers())));
    }

    private static Exchange exchange(@Nullable Evidence evidence) {
        return evidence == null
                ? new Exchange(new Evidence.Unknown("no answer"), PATIENCE_MILLIS, null)
                : new Exchange(evidence, 20, evidence.toString());
    }

    @Override
    public Set<String> signatureHeaders() {
        return Set.of("signature");
    }

    /** What the bank would send. */
    static CallbackRequest callback(Order order, Evidence evidence, boolean genuine) {
        String body = switch (evidence) {
            case Evidence.Paid(String tradeNo, Money amount, Instant at) ->
                order.id + " paid " + tradeNo + " " + amount.value() + " " + (at == null ? 0 : at.toEpochMilli());
            case Evidence.Unpaid() -> order.id + " unpaid";
            case Evidence.Failed(String reason) -> order.id + " failed";
            case Evidence.Closed() -> order.id + " closed";
            case Evidence.Refused(String reason) -> order.id + " refused";
            case Evidence.Unknown(String reason) -> order.id + " unknown";
        };
        return new CallbackRequest(
                Map.of("signature", List.of(genuine ? "good" : "bad"), "host", List.of("shop.example")),
                null,
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        if (!request.headers().getOrDefault("signature", List.of()).contains("good")) {
            return new Callback.Unverified("the signature is wrong");
        }
        String[] words = new String(request.body(), StandardCharsets.UTF_8).split(" ");
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
        return new Callback.Genuine(words[0], evidence);
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(200, "text/plain", accepted ? "success" : "failure");
    }
}
