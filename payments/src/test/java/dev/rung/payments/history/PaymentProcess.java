package dev.rung.payments.history;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.UnbatchedPayments;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process with payments, from start to death. Before and after every transaction and every call to the bank it may
 * die or yield to another task. Instead of the engine it has a minimal query loop: read a due wake, make the attempt,
 * settle; and a periodic search for lost wakes.
 */
final class PaymentProcess {
    private static final Ladder QUERY_LADDER = Ladder.of("5s", "30s", "1m", "3m", "5m", "10m", "30m");

    private static final int BANK_PATIENCE_MILLIS = 4_800;
    private static final long SWEEP_EVERY_MILLIS = 600_000;

    private final PaymentHistory history;
    private final InterleavingScheduler scheduler;
    private final HistoryFaultRates rates;
    private final NotificationStore notifications;
    private final Ids ids;
    private final Payments payments;
    private final Sender sender;
    private final Set<NotificationId> inFlight = new HashSet<>();
    private boolean dead;

    PaymentProcess(PaymentHistory history, InterleavingScheduler scheduler, HistoryFaultRates rates, long lastId) {
        this.history = history;
        this.scheduler = scheduler;
        this.rates = rates;
        this.ids = new Ids(this::instant, scheduler.random(), lastId);
        this.notifications =
                guarded(NotificationStore.class, () -> history.stores().notifications());
        PaymentStore watched = history.watched();
        PaymentStore store = guarded(PaymentStore.class, () -> watched);
        RefundStore watchedRefunds = history.watchedRefunds();
        RefundStore refunds = guarded(RefundStore.class, () -> watchedRefunds);
        BankChannel bank = new BankChannel(
                new BankChannel.Way(
                        this::step, BANK_PATIENCE_MILLIS, history::planOf, history::bankEnded, history::refundEnded),
                scheduler,
                history.bank(),
                () -> rates);
        PaymentChannel channel = history.faults().channel(bank);
        this.payments = UnbatchedPayments.payments(
                history.faults().store(store),
                history.faults().refunds(refunds),
                List.of(channel),
                outbox(),
                new EngineRuntime(timer(), this::instant, task -> scheduler.begin(mine(task))),
                ids,
                QUERY_LADDER,
                this::onEvent);
        this.sender = payments.sender(failingSender());
        payments.start();
    }

    private Instant instant() {
        return Instant.ofEpochMilli(scheduler.now());
    }

    Payments payments() {
        return payments;
    }

    boolean isAlive() {
        return !dead;
    }

    private void onEvent(PaymentsEvent event) {
        if (event instanceof PaymentsEvent.Defect(Throwable cause)) {
            throw new AssertionError("a defect was reported", cause);
        }
        history.count(event.getClass().getSimpleName());
    }

    /** A point where other tasks may run first, and where the process may die. */
    void step() {
        if (!dead && history.isQuiet()) {
            return;
        }
        scheduler.pause();
        if (!dead && scheduler.now() < rates.until() && scheduler.chance(rates.crash())) {
            dead = true;
            history.died(this);
        }
        if (dead) {
            throw new SimulatedCrash();
        }
    }

    /** Wraps a task so that it runs only while the process lives. */
    private Runnable mine(Runnable task) {
        return () -> {
            if (dead) {
                return;
            }
            try {
                task.run();
            } catch (SimulatedCrash gone) {
                return;
            }
        };
    }

    private Timer timer() {
        return (delay, task) -> {
            boolean[] cancelled = new boolean[1];
            // Timer tasks are short and call nothing that waits.
            scheduler.runAt(scheduler.now() + delay.toMillis(), () -> {
                if (!cancelled[0]) {
                    mine(task).run();
                }
            });
            return () -> cancelled[0] = true;
        };
    }

    /** The port as this process sees it; the object behind it may be replaced after another process's crash. */
    private <T> T guarded(Class<T> port, Supplier<T> world) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> call(world, method, args)));
    }

    private @Nullable Object call(Supplier<?> port, Method method, Object @Nullable [] args) throws Throwable {
        step();
        boolean fails = scheduler.now() < rates.until() && scheduler.chance(rates.storeFails());
        if (fails && scheduler.chance(0.5)) {
            throw new StoreException(method.getName() + " failed before its commit", new IllegalStateException());
        }
        Object answer;
        try {
            answer = method.invoke(port.get(), args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        step();
        if (fails) {
            throw new StoreException(method.getName() + " failed after its commit", new IllegalStateException());
        }
        return answer;
    }

    private static Sender failingSender() {
        return new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                throw new AssertionError("no merchant is notified in this history");
            }

            @Override
            public void close() {}
        };
    }

    private NotificationOutbox outbox() {
        return new NotificationOutbox() {
            @Override
            public NewNotification prepareQuery(NotificationRequest query) {
                return prepare(query);
            }

            @Override
            public NewNotification prepare(NotificationRequest request) {
                long due =
                        request.deliverAt() == null ? scheduler.now() : Math.max(scheduler.now(), request.deliverAt());
                return new NewNotification(
                        new NotificationId(ids.next()),
                        ReceiverId.own(request.merchantId()),
                        request.channel(),
                        new Delivery.Content(
                                Objects.requireNonNull(request.url()),
                                true,
                                request.orderNo(),
                                request.eventType(),
                                request.createdAt()),
                        request.payload(),
                        request.ladder(),
                        request.ladderName(),
                        request.ordered(),
                        request.urgent(),
                        due,
                        WakeLocation.QUEUED,
                        request.idempotency(),
                        List.of());
            }

            @Override
            public void committed(NewNotification notification) {
                if (notification.kind() == DeliveryKind.CHANNEL_QUERY) {
                    wakeAt(new Wake(notification.id(), 1, notification.dueAt()));
                } else {
                    history.count("ends told to the engine");
                }
            }

            @Override
            public void changed(NotificationId id) {
                history.count("moved told to the engine");
            }

            @Override
            public void makeDueNow(NotificationId id) {
                List<@Nullable Wake> wakes = notifications.resend(List.of(id), null, false, scheduler.now());
                Wake wake = wakes.getFirst();
                if (wake != null) {
                    wakeAt(wake);
                }
            }
        };
    }

    /** Schedules a wake; some are a little late. */
    void wakeAt(Wake wake) {
        long late = scheduler.chance(0.1) ? scheduler.upTo(1_000) : 0;
        scheduler.beginAt(wake.dueAt() + late, mine(() -> wake(wake)));
    }

    private void wake(Wake wake) {
        try {
            Delivery delivery = notifications.findDeliveries(List.of(wake.id())).getFirst();
            if (delivery == null || !delivery.isCurrent(wake)) {
                return;
            }
            if (inFlight.add(wake.id())) {
                attempt(wake, delivery);
                inFlight.remove(wake.id());
            } else {
                wakeAt(new Wake(wake.id(), wake.number(), scheduler.now() + 100));
            }
        } catch (StoreException e) {
            wakeAt(new Wake(wake.id(), wake.number(), scheduler.now() + 500));
        }
    }

    private void attempt(Wake wake, Delivery delivery) {
        long startedAt = scheduler.now();
        int number = delivery.attemptsMade() + 1;
        CompletionStage<Sender.Result> sent = sender.send(new Sender.Request(
                delivery.id(),
                delivery.kind(),
                delivery.receiver(),
                receiver(),
                delivery.content(),
                Objects.requireNonNull(delivery.payload()),
                number,
                startedAt));
        while (!sent.toCompletableFuture().isDone()) {
            scheduler.sleep(20);
            step();
        }
        Sender.Result result = sent.toCompletableFuture().join();
        long endedAt = scheduler.now();
        if (endedAt - startedAt > Sender.DEADLINE.toMillis() + 50) {
            throw new AssertionError("a query took " + (endedAt - startedAt) + " ms");
        }
        if (result.outcome() != Outcome.ACKNOWLEDGED && result.exactWait() == null) {
            throw new AssertionError("a query says " + result + " and not when to ask again");
        }
        Attempt attempt = new Attempt(
                ids.next(),
                number,
                wake.dueAt(),
                startedAt,
                (int) (endedAt - startedAt),
                result.outcome(),
                result.answer(),
                result.error(),
                delivery.mayRepeat(),
                false,
                null);
        settle(new Settlement(
                wake,
                attempt,
                delivery.after(result.outcome(), endedAt, result.retryAfter(), result.exactWait()),
                WakeLocation.QUEUED,
                null,
                endedAt));
    }

    private void settle(Settlement settlement) {
        while (true) {
            try {
                Settled settled = notifications.settle(List.of(settlement)).getFirst();
                if (settled instanceof Settled.Applied(Wake next, boolean released) && next != null) {
                    wakeAt(next);
                }
                return;
            } catch (StoreException e) {
                scheduler.sleep(200);
            }
        }
    }

    /** Finds queries without a wake: those of dead processes, and those never announced. Repeats regularly. */
    void sweep() {
        for (Delivery delivery : history.stores().notifications().findDeliveries(history.queries())) {
            Long due = delivery == null ? null : delivery.nextAttemptAt();
            if (delivery != null && due != null && !inFlight.contains(delivery.id())) {
                wakeAt(new Wake(delivery.id(), delivery.wakeNumber(), due));
            }
        }
        scheduler.runAt(scheduler.now() + SWEEP_EVERY_MILLIS, mine(this::sweep));
    }

    /** The merchant that a query's request names; queries do not use it. */
    private static Receiver receiver() {
        return Receiver.of(null, Receiver.Keys.of(Signing.HMAC, new byte[0], null));
    }
}
