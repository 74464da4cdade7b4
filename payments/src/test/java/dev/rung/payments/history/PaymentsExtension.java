package dev.rung.payments.history;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.Sample;
import dev.rung.core.port.Sender;
import dev.rung.core.port.StoreException;
import dev.rung.core.sim.Scenario.FaultProfile;
import dev.rung.core.sim.Simulation;
import dev.rung.core.sim.SimulationExtension;
import dev.rung.payments.flow.PaymentRequest;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.Payments.Closing;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PlaceResult;
import dev.rung.payments.flow.UnbatchedPayments;
import dev.rung.payments.history.Bank.Order;
import dev.rung.payments.memory.MemoryPaymentStore;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Adds payments to the engine's simulation: every server has them, with a bank, its callbacks and outages, and
 * merchants who create payments all day.
 */
final class PaymentsExtension implements SimulationExtension {
    private static final Ladder QUERY_LADDER = Ladder.of("5s", "30s", "1m", "3m", "5m", "10m", "30m");
    private static final Money PRICE = Money.of(1230, "CNY");
    private static final String NOTIFY_URL = "https://shop.example/payments";
    private static final int PAYMENTS = 120;
    private static final int OUTAGES = 4;
    private static final int OUTAGE_MILLIS_MAX = 40 * 60_000;
    /** In the simulation a waiting task blocks those that started to wait before it, so waits must be short. */
    private static final int BANK_PATIENCE_MILLIS = 300;

    private final PlantedFault fault;
    private final Map<String, PaymentPlan> plans = new TreeMap<>();
    private final Map<String, List<String>> ends = new HashMap<>();
    private final List<Server> servers = new ArrayList<>();
    private World world;
    private TimeAndRandom time;
    private Bank bank;
    private MemoryPaymentStore store;
    private HistoryFaultRates rates;
    private int busy;

    private record Server(Process process, Payments payments) {}

    PaymentsExtension(PlantedFault fault) {
        this.fault = fault;
    }

    @Override
    public void startWorld(World arrived) {
        world = arrived;
        time = new WorldTime(arrived);
        bank = new Bank(time);
        store = new MemoryPaymentStore(world.store(), () -> Instant.ofEpochMilli(world.now()));
        rates = rates(false);
        for (int i = 1; i <= PAYMENTS; i++) {
            String number = "P" + i;
            plans.put(number, plan());
            doAt(Simulation.BEGIN + world.upTo(Simulation.DAY - 3_600_000), () -> buy(number, anyMerchant()));
        }
        if (world.faultProfile() == FaultProfile.MIXED) {
            for (int i = 0; i < OUTAGES; i++) {
                world.at(Simulation.BEGIN + world.upTo(Simulation.DAY), this::bankIsAway);
            }
        }
    }

    private record WorldTime(World world) implements TimeAndRandom {
        @Override
        public long now() {
            return world.now();
        }

        @Override
        public boolean chance(double probability) {
            return world.chance(probability);
        }

        @Override
        public int upTo(int bound) {
            return world.upTo(bound);
        }

        @Override
        public void runAt(long at, Runnable what) {
            world.at(at, what);
        }

        @Override
        public void sleep(long millis) {
            world.sleep(millis);
        }
    }

    private PaymentPlan plan() {
        PaymentPlan plan;
        do {
            plan = PaymentPlan.draw(time);
            // This is never settled; PaymentHistory covers it.
        } while (plan.payer() == PaymentPlan.Payer.PAYS_ANOTHER_AMOUNT);
        return plan;
    }

    private HistoryFaultRates rates(boolean away) {
        boolean rough = world.faultProfile() == FaultProfile.MIXED;
        double lost = away ? 2 : rough ? 0.1 : 0;
        return new HistoryFaultRates(
                0, 0, lost, rough ? 0.05 : 0, rough ? 0.1 : 0, false, false, true, Simulation.BEGIN + Simulation.DAY);
    }

    private void bankIsAway() {
        world.count("the bank is away");
        rates = rates(true);
        world.at(world.now() + world.upTo(OUTAGE_MILLIS_MAX), () -> rates = rates(false));
    }

    // The part in every server

    @Override
    public Sender begin(Process process, Engine engine, EngineRuntime runtime, Ids ids, Sender sender) {
        BankChannel channel = new BankChannel(
                new BankChannel.Way(process::step, BANK_PATIENCE_MILLIS, this::planOf, this::bankEnded, refund -> {}),
                time,
                bank,
                () -> rates);
        Payments payments = UnbatchedPayments.payments(
                fault.store(process.guarded(PaymentStore.class, store)),
                fault.refunds(process.guarded(RefundStore.class, store.refunds())),
                List.of(fault.channel(channel)),
                engine,
                runtime,
                ids,
                QUERY_LADDER,
                this::onEvent);
        servers.add(new Server(process, payments));
        payments.start();
        return sender(process, payments.sender(sender));
    }

    /** Requests to merchants are observed where they leave the server; queries are observed here. */
    private static Sender sender(Process process, Sender sender) {
        Sender observed = process.observed(sender);
        return new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                return (request.kind() == DeliveryKind.CHANNEL_QUERY ? observed : sender).send(request);
            }

            @Override
            public void close() {
                sender.close();
            }
        };
    }

    private void onEvent(PaymentsEvent event) {
        switch (event) {
            case PaymentsEvent.Defect(Throwable cause) -> world.violated("payments report a defect: " + cause);
            case PaymentsEvent.StateChanged changed -> {
                if (changed.isFoundByQuery()) {
                    world.count("payments rescued");
                }
            }
            case PaymentsEvent.DiscrepancyFound found -> world.count("discrepancies found");
            case PaymentsEvent.Queried queried -> world.count("queries");
            case PaymentsEvent.CallbackReceived received -> world.count("callbacks " + received.result());
            case PaymentsEvent.Created taken -> world.count("payments taken");
            case PaymentsEvent.Placed placed -> world.count("placements");
            case PaymentsEvent.RefundCreated created -> world.count("refunds taken");
            case PaymentsEvent.RefundQueried queried -> world.count("refund queries");
            case PaymentsEvent.RefundStateChanged moved -> world.count("refunds moved");
        }
    }

    // Merchants, and the bank's callbacks

    /** Schedules an action; the extension is not idle until it is done. */
    private void doAt(long at, Runnable what) {
        busy++;
        world.at(at, () -> {
            what.run();
            busy--;
        });
    }

    /** Runs an action at a random server, repeatedly until it succeeds. */
    private void insist(Predicate<Payments> deed) {
        servers.removeIf(server -> !server.process().isAlive());
        boolean[] done = new boolean[1];
        if (!servers.isEmpty()) {
            Server server = servers.get(world.upTo(servers.size()));
            server.process()
                    .task(() -> {
                        try {
                            done[0] = deed.test(server.payments());
                        } catch (StoreException e) {
                            world.count("merchants and banks told to try later");
                        }
                    })
                    .run();
        }
        if (!done[0]) {
            doAt(world.now() + 500 + world.upTo(4_000), () -> insist(deed));
        }
    }

    private Merchant anyMerchant() {
        List<Merchant> all = world.merchants().list(null, 100);
        return all.get(world.upTo(all.size()));
    }

    private PaymentPlan planOf(Payment payment) {
        return Objects.requireNonNull(plans.get(payment.order().outTradeNo()));
    }

    private void buy(String number, Merchant merchant) {
        PaymentPlan plan = Objects.requireNonNull(plans.get(number));
        Payment.Order order = new Payment.Order(
                merchant.id(),
                number,
                PRICE,
                "two teas",
                BankChannel.NAME,
                NOTIFY_URL,
                Ladder.of("3s", "30s", "5m"),
                null,
                null,
                Payment.Checkout.by(PaymentMethod.QR));
        PaymentRequest request = new PaymentRequest(order, plan.expiresIn(), Sample.sha256(number));
        insist(payments -> {
            payments.place(request).thenAccept(this::placed);
            return find(order).isPresent();
        });
        if (plan.closeAfterMillis() >= 0) {
            doAt(world.now() + plan.closeAfterMillis(), () -> insist(payments -> close(payments, order)));
        }
    }

    private void placed(PlaceResult placing) {
        if (placing instanceof PlaceResult.Conflicting(Payment first)) {
            world.violated("the same request conflicts with " + first);
        }
    }

    /** Fails while the store is unreachable; callers retry later. */
    private Optional<Payment> find(Payment.Order order) {
        return store.find(order.merchantId(), order.outTradeNo());
    }

    /** Independent of the fault rates. */
    private <T> T look(Supplier<T> at) {
        while (true) {
            try {
                return at.get();
            } catch (StoreException e) {
                world.count("looked again");
            }
        }
    }

    private boolean close(Payments payments, Payment.Order order) {
        Payment payment = find(order).orElse(null);
        if (payment != null) {
            Closing closing = payments.close(payment.id());
            world.count("close: " + closing.getClass().getSimpleName());
        }
        return true;
    }

    private void bankEnded(Order order) {
        switch (order.plan.callback()) {
            case PROMPT, CHATTY, WRONG_AMOUNT_FIRST -> tell(order, order.state(), world.upTo(100));
            case LATE -> tell(order, order.state(), world.upTo(600_000));
            case LOST -> world.count("callbacks lost");
            case DUPLICATE -> {
                tell(order, order.state(), world.upTo(10));
                tell(order, order.state(), world.upTo(20_000));
            }
        }
    }

    private void tell(Order order, Evidence evidence, int after) {
        CallbackRequest request = BankChannel.callback(order, evidence, true);
        doAt(
                world.now() + after,
                () -> insist(payments -> payments.callback(BankChannel.NAME, request)
                        .orElseThrow()
                        .body()
                        .equals("success")));
    }

    // Final checks

    @Override
    public void inserted(NotificationDetail record) {
        if (record.content().url().equals(NOTIFY_URL)) {
            ends.computeIfAbsent(Objects.requireNonNull(record.content().orderNo()), n -> new ArrayList<>())
                    .add(record.content().eventType());
        }
    }

    private List<Payment> payments() {
        PaymentStore.PaymentFilter any = new PaymentStore.PaymentFilter(null, null, null, null, null, null);
        return look(() -> store.list(any, null, 1_000)).items();
    }

    @Override
    public boolean isIdle() {
        return busy == 0 && payments().stream().allMatch(p -> p.state().isFinal());
    }

    @Override
    public void checkAtEnd() {
        List<Payment> all = payments();
        if (all.size() != PAYMENTS) {
            world.violated("of " + PAYMENTS + " payments " + all.size() + " are there");
        }
        for (Payment payment : all) {
            world.count("payments " + payment.state().text());
            Order order = bank.order(payment.id());
            String wrong = order == null ? "the bank never heard of it" : order.contradiction(payment);
            if (wrong != null || !payment.state().isFinal()) {
                world.violated(wrong + ": " + payment);
            }
            List<String> told = ends.getOrDefault(payment.order().outTradeNo(), List.of());
            if (!told.equals(List.of("payment." + payment.state().text()))) {
                world.violated("its result is reported as " + told + ": " + payment);
            }
        }
    }
}
