package dev.rung.payments.history;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.payments.flow.PaymentRequest;
import dev.rung.payments.flow.Payments.Closing;
import dev.rung.payments.flow.PlaceResult;
import dev.rung.payments.flow.RefundRequest;
import dev.rung.payments.flow.RefundResult;
import dev.rung.payments.history.Bank.Order;
import dev.rung.payments.history.BankRefunds.BankRefund;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.Refund;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a few payments, determined by one seed: merchants who submit and retry, payers, a bank that calls back or
 * does not, forged callbacks, and one or two processes that die and restart, all interleaved step by step. At the end
 * each payment has the state that the bank knows, or is visibly unknown.
 */
public final class PaymentHistory {
    private static final long FIRST = Instant.parse("2026-01-15T00:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;
    /** By this time unresolved payments have been reported. */
    private static final long LENGTH = 27 * HOUR;

    private static final int AFTER_EACH_OTHER = 10_000;
    private static final double STORES_DIE_TOO = 0.25;

    private static final int RETRY_MILLIS = 3_000;
    private static final int TRIES_MAX = 40;
    private static final Money PRICE = Money.of(1230, "CNY");

    private final long seed;
    private final long begin;
    private final Stores stores;
    private final PlantedFault faults;
    private final MerchantId merchant;
    private final InterleavingScheduler scheduler;
    private final HistoryFaultRates rates;
    private final Bank bank;
    private final PaymentInvariantChecker inspector;
    private final RefundInvariantChecker refundInspector;
    private final Map<String, PaymentPlan> plans = new TreeMap<>();
    private final List<PaymentProcess> hosts = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int busy;

    /** The stores of runs, one run at a time; they may contain data of earlier runs. */
    public interface Stores extends AutoCloseable {
        PaymentStore payments();

        RefundStore refunds();

        NotificationStore notifications();

        NotificationCatalog catalog();

        /** The open stores die with their process and are opened again. No call is in progress. */
        void crash();

        @Override
        void close();
    }

    /**
     * The result of a run.
     *
     * @param violation the violated invariant; null if none
     * @param counts number of events by kind
     */
    public record Result(long seed, @Nullable String violation, Map<String, Integer> counts) {}

    private PaymentHistory(long seed, Stores stores, MerchantId merchant, PlantedFault faults) {
        this.seed = seed;
        this.stores = stores;
        this.faults = faults;
        this.merchant = merchant;
        this.begin = begin(seed);
        this.scheduler = new InterleavingScheduler(seed, begin);
        this.rates = HistoryFaultRates.draw(scheduler);
        this.bank = new Bank(scheduler);
        this.refundInspector = new RefundInvariantChecker(this);
        this.inspector = new PaymentInvariantChecker(this, refundInspector);
    }

    /** Starts after the runs of lower seeds, so that ids do not depend on whether those were executed. */
    private static long begin(long seed) {
        return FIRST + seed % AFTER_EACH_OTHER * (LENGTH + HOUR);
    }

    /** Executes one run with payments of this merchant, who has none yet; seeds must ascend within the same stores. */
    public static Result live(long seed, Stores stores, MerchantId merchant) {
        return live(seed, stores, merchant, PlantedFault.NONE);
    }

    static Result live(long seed, Stores stores, MerchantId merchant, PlantedFault faults) {
        PaymentHistory history = new PaymentHistory(seed, stores, merchant, faults);
        String violation;
        try {
            history.live();
            violation = history.inspector.violation();
        } catch (AssertionError | RuntimeException e) {
            java.io.StringWriter stack = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(stack));
            violation = stack.toString();
        }
        return new Result(seed, violation, history.counts);
    }

    long seed() {
        return seed;
    }

    Stores stores() {
        return stores;
    }

    /** The store, with every change observed. */
    PaymentStore watched() {
        return inspector.watched();
    }

    /** The store of refunds, with every change observed. */
    RefundStore watchedRefunds() {
        return refundInspector.watched();
    }

    PlantedFault faults() {
        return faults;
    }

    MerchantId merchant() {
        return merchant;
    }

    Bank bank() {
        return bank;
    }

    BankRefunds bankRefunds() {
        return bank.refunds();
    }

    List<Payment> inspected() {
        return inspector.payments();
    }

    HistoryFaultRates rates() {
        return rates;
    }

    long now() {
        return scheduler.now();
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    PaymentPlan planOf(Payment payment) {
        return plans.get(payment.order().outTradeNo());
    }

    private void live() {
        int processes = 1 + scheduler.upTo(2);
        for (int i = 0; i < processes; i++) {
            startHost();
        }
        int payments = 1 + scheduler.upTo(3);
        for (int i = 1; i <= payments; i++) {
            String number = "T" + i;
            plans.put(number, PaymentPlan.draw(scheduler));
            task(scheduler.upTo(3_000), () -> buy(number));
        }
        for (int i = scheduler.upTo(4); i > 0; i--) {
            task(scheduler.upTo(120_000), this::forge);
        }
        scheduler.run(begin + LENGTH, () -> busy == 0 && inspector.isEverythingOver());
    }

    /** Runs an action outside the processes; the run does not end before it is done. */
    private void task(long after, Runnable deed) {
        busy++;
        scheduler.beginAt(scheduler.now() + after, () -> {
            deed.run();
            busy--;
        });
    }

    private void startHost() {
        long lastId =
                Math.max(stores.payments().lastId(), stores.notifications().lastId());
        PaymentProcess host = new PaymentProcess(this, scheduler, rates, lastId);
        hosts.add(host);
        host.sweep();
    }

    List<NotificationId> queries() {
        return inspector.payments().stream()
                .flatMap(p -> Stream.concat(
                        Stream.of(p.queryId()),
                        refundInspector.of(p).stream().flatMap(r -> Stream.ofNullable(r.queryId()))))
                .toList();
    }

    /** All faults have ended and no user acts; only waits remain. */
    boolean isQuiet() {
        return busy == 0 && scheduler.now() > rates.until() + HOUR;
    }

    void died(PaymentProcess host) {
        count("crashes");
        hosts.remove(host);
        if (scheduler.chance(STORES_DIE_TOO)) {
            count("stores died too");
            stores.crash();
        }
        scheduler.runAt(scheduler.now() + 1 + scheduler.upTo(20_000), this::startHost);
    }

    /** Calls processes until one answers; null if none does. */
    private <T> @Nullable T ask(Function<PaymentProcess, T> question) {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (!hosts.isEmpty()) {
                PaymentProcess host = hosts.get(scheduler.upTo(hosts.size()));
                try {
                    host.step();
                    T answer = question.apply(host);
                    host.step();
                    return answer;
                } catch (SimulatedCrash | StoreException e) {
                    count("asked again");
                }
            }
            scheduler.sleep(1 + scheduler.upTo(RETRY_MILLIS));
        }
        return null;
    }

    private void buy(String number) {
        PaymentPlan plan = planOf(number);
        Payment bought = place(number, "two teas");
        if (bought == null) {
            return;
        }
        if (plan.closeAfterMillis() >= 0) {
            task(plan.closeAfterMillis(), () -> close(bought.id()));
        }
        for (int i = scheduler.upTo(3); i > 0; i--) {
            task(scheduler.upTo(60_000), () -> ask(host -> host.payments().sync(bought.id())));
        }
        if (scheduler.chance(0.2)) {
            task(scheduler.upTo(60_000), () -> place(number, "three teas"));
        }
        for (int i = scheduler.upTo(4); i > 0; i--) {
            String refundNo = number + "-R" + i;
            long amount = scheduler.chance(0.3) ? PRICE.value() : 1 + scheduler.upTo((int) PRICE.value());
            int after = plan.payAfterMillis() + scheduler.upTo(scheduler.chance(0.5) ? 5_000 : 120_000);
            task(after, () -> refund(bought.id(), refundNo, amount));
            if (scheduler.chance(0.3)) {
                task(after + scheduler.upTo(5_000), () -> refund(bought.id(), refundNo, amount));
            }
        }
        if (scheduler.chance(0.1)) {
            task(plan.payAfterMillis() + scheduler.upTo(120_000), () -> refundAtBank(bought.id()));
        }
    }

    private void refund(PaymentId id, String number, long amount) {
        RefundResult result = ask(host -> {
            Payment payment = stores.payments().find(id).orElseThrow();
            RefundRequest request = new RefundRequest(
                    payment,
                    number,
                    new Money(amount, PRICE.currency()),
                    "cold tea",
                    payment.order().notifyUrl(),
                    payment.order().ladder(),
                    null,
                    dev.rung.core.port.Sample.sha256(number + " " + amount));
            return await(host, host.payments().refunds().request(request));
        });
        switch (result) {
            case null -> {}
            case RefundResult.Accepted(Refund refund) -> {
                if (scheduler.chance(0.3)) {
                    task(
                            scheduler.upTo(60_000),
                            () -> ask(host -> host.payments().refunds().sync(refund.id())));
                }
            }
            case RefundResult.Repeated(Refund first) -> count("refunds repeated");
            case RefundResult.Exceeding(Payment payment) -> count("refunds beyond what was paid");
            case RefundResult.Conflicting(Refund first) ->
                throw new AssertionError("the same request conflicts with " + first);
        }
    }

    /** A refund is made at the bank itself. */
    private void refundAtBank(PaymentId id) {
        Order order = bank.order(id);
        if (order != null && order.isPaidAsAsked()) {
            count("refunds made at the bank");
            bank.refunds().request("at-bank-" + id, order, Money.of(1, "CNY"), this::refundEnded);
        }
    }

    /** The bank has finished a refund and sends its callback. */
    void refundEnded(BankRefund refund) {
        switch (refund.callback) {
            case PROMPT -> tell(refund, scheduler.upTo(50));
            case LATE -> tell(refund, scheduler.upTo(200_000));
            case LOST -> count("refund callbacks lost");
            case DUPLICATE -> {
                tell(refund, scheduler.upTo(5));
                tell(refund, scheduler.upTo(30_000));
            }
        }
    }

    private void tell(BankRefund refund, int after) {
        boolean outspoken = scheduler.chance(0.5);
        CallbackRequest request = BankChannel.callback(refund, outspoken);
        task(after, () -> {
            for (int tries = 0; tries < TRIES_MAX; tries++) {
                var answer = ask(host -> host.payments().callback(BankChannel.NAME, request));
                if (answer != null && answer.orElseThrow().body().equals("success")) {
                    if (outspoken) {
                        refundInspector.acknowledged(refund, request.body());
                    }
                    return;
                }
                scheduler.sleep(RETRY_MILLIS);
            }
        });
    }

    private PaymentPlan planOf(String number) {
        return java.util.Objects.requireNonNull(plans.get(number));
    }

    private @Nullable Payment place(String number, String subject) {
        Payment.Order order = new Payment.Order(
                merchant,
                number,
                PRICE,
                subject,
                BankChannel.NAME,
                "https://shop.example/notify",
                dev.rung.core.model.Ladder.of("3s"),
                null,
                null,
                Payment.Checkout.by(PaymentMethod.QR));
        PaymentRequest request = new PaymentRequest(
                order, planOf(number).expiresIn(), dev.rung.core.port.Sample.sha256(number + subject));
        PlaceResult placing = ask(host -> await(host, host.payments().place(request)));
        return switch (placing) {
            case null -> null;
            case PlaceResult.Accepted(Payment payment) -> payment;
            case PlaceResult.Repeated(Payment first) -> first;
            case PlaceResult.Conflicting(Payment first) -> {
                count("conflicts");
                yield first;
            }
        };
    }

    private <T> T await(PaymentProcess host, CompletionStage<T> stage) {
        long since = scheduler.now();
        while (!stage.toCompletableFuture().isDone()) {
            scheduler.sleep(10);
            host.step();
            if (scheduler.now() - since > 1_000) {
                throw new AssertionError("a merchant waits for more than a second");
            }
        }
        return stage.toCompletableFuture().join();
    }

    private void close(PaymentId id) {
        Closing closing = ask(host -> host.payments().close(id));
        if (closing != null) {
            count("close: " + closing.getClass().getSimpleName());
        }
    }

    private void forge() {
        List<Payment> known = inspector.payments();
        if (!known.isEmpty()) {
            Payment payment = known.get(scheduler.upTo(known.size()));
            Order order = new Order(payment.id(), PRICE, planOf(payment));
            Evidence.Paid lie = new Evidence.Paid("forged", PRICE, Instant.ofEpochMilli(scheduler.now()));
            CallbackRequest forged = BankChannel.callback(order, lie, false);
            ask(host -> host.payments().callback(BankChannel.NAME, forged));
            count("forged");
        }
    }

    /** The bank has finished an order and sends its callback. */
    void bankEnded(Order order) {
        switch (order.plan.callback()) {
            case PROMPT -> tell(order, order.state(), scheduler.upTo(50));
            case LATE -> tell(order, order.state(), scheduler.upTo(200_000));
            case LOST -> count("callbacks lost");
            case DUPLICATE -> {
                for (int i = 2 + scheduler.upTo(2); i > 0; i--) {
                    tell(order, order.state(), scheduler.upTo(scheduler.chance(0.5) ? 5 : 30_000));
                }
            }
            case WRONG_AMOUNT_FIRST -> {
                if (order.paid != null) {
                    Money wrong = new Money(order.paid.amount().value() + 7, PRICE.currency());
                    tell(
                            order,
                            new Evidence.Paid(order.paid.channelTradeNo(), wrong, order.paid.paidAt()),
                            scheduler.upTo(20));
                }
                tell(order, order.state(), scheduler.upTo(5_000));
            }
            case CHATTY -> {
                tell(order, new Evidence.Unpaid(), scheduler.upTo(100));
                tell(order, order.state(), scheduler.upTo(100));
            }
        }
    }

    private void tell(Order order, Evidence evidence, int after) {
        CallbackRequest request = BankChannel.callback(order, evidence, true);
        task(after, () -> {
            for (int tries = 0; tries < TRIES_MAX; tries++) {
                var answer = ask(host -> host.payments().callback(BankChannel.NAME, request));
                if (answer != null && answer.orElseThrow().body().equals("success")) {
                    inspector.acknowledged(order, evidence, request.body());
                    return;
                }
                scheduler.sleep(RETRY_MILLIS);
            }
        });
    }
}
