package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.flow.MerchantHealth.Standing;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Wake;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.core.port.Sender;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The engine as the server holds it: one for a process. Thread-safe.
 *
 * <p>It owns none of its ports: whoever made them closes them, after {@link #drain}.
 */
public final class Engine {
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(1);
    private static final Duration TICK_EVERY = Duration.ofMillis(250);

    /** The systems that the engine works on. */
    public record Ports(NotificationStore store, MerchantStore merchants, WakeQueue queue, Sender sender) {}

    private final NotificationStore store;
    private final WakeQueue queue;
    private final EngineRuntime runtime;
    private final FlowListener listener;
    private final StoreGate gate;
    private final WakeScheduler wakes;
    private final MerchantDirectory merchants;
    private final Bulkheads bulkheads;
    private final InFlightDeliveries inFlights;
    private final Dispatcher dispatcher;
    private final Sweeper sweeper;
    private final Intake intake;
    private volatile boolean draining;

    public Engine(Ports ports, EngineRuntime runtime, Ids ids, EngineLimits limits, FlowListener listener) {
        this.store = ports.store();
        this.queue = ports.queue();
        this.runtime = runtime;
        this.listener = listener;
        this.gate = new StoreGate(queue, listener);
        this.wakes = new WakeScheduler(store, queue, runtime, listener);
        this.merchants = new MerchantDirectory(ports.merchants());
        this.bulkheads = new Bulkheads(runtime.clock(), limits.maxInFlight());
        this.inFlights = new InFlightDeliveries();
        this.dispatcher = new Dispatcher(
                store,
                queue,
                runtime,
                limits,
                merchants,
                bulkheads,
                inFlights,
                new RedeliveredWakes(store, runtime, gate, wakes, inFlights),
                wakes,
                gate,
                new DeliveryParking(store, runtime, gate, listener),
                new AttemptRunner(store, ports.sender(), runtime, limits, ids, wakes, gate, listener),
                listener);
        this.sweeper = new Sweeper(store, queue, runtime, wakes, inFlights, dispatcher, listener);
        this.intake = new Intake(store, runtime, limits, ids, wakes, dispatcher, listener);
    }

    /** Begins to deliver and to sweep. */
    public void start() {
        startDelivering();
        sweeper.start();
    }

    private void startDelivering() {
        merchants.start();
        queue.start(new WakeQueue.Listener() {
            @Override
            public void due(List<WakeQueue.WakeMessage> messages) {
                dispatcher.due(messages);
            }

            @Override
            public CompletionStage<@Nullable Void> forgotten() {
                return sweeper.rearmAll();
            }

            @Override
            public void lost(List<Wake> lost) {
                runtime.execute(() -> rearmLost(lost));
            }
        });
        refreshMerchants();
        tick();
    }

    /** As {@link #start}, but nothing looks for lost wakes: for a test that shows what is missed then. */
    void startWithoutSweeper() {
        startDelivering();
    }

    /**
     * Stores a notification. The stage completes after commit; with {@link StoreException} when the store could not.
     *
     * @throws Overloaded if too much is waiting to be stored; nothing is kept
     */
    public CompletionStage<Acceptance> accept(NotificationRequest request) {
        return intake.accept(request);
    }

    /** Gives a draft its id and its place. Whoever stores it in a transaction of its own says so with {@link #stored} after the commit. */
    public NewNotification number(NotificationRequest request) {
        return intake.number(request);
    }

    /** A notification was committed by another transaction than {@link #accept}'s: sends its first wake on its way. */
    public void stored(NewNotification notification) {
        intake.stored(notification);
    }

    /** A record was moved by another transaction than this engine's: what only waits for its slot here does not begin. */
    public void moved(NotificationId id) {
        inFlights.markObsolete(id);
    }

    /**
     * Owes an attempt at once, by nobody's wish: as {@link #resend}, but told to nobody. Blocks for the store.
     *
     * @throws StoreException if the store could not
     */
    public void makeDueNow(NotificationId id) {
        store.resend(List.of(id), runtime.now()).forEach(this::scheduleAnew);
    }

    /**
     * Owes an attempt at once; of each false where there is no such notification any more. Blocks for the store.
     *
     * @throws StoreException if the store could not
     */
    public List<Boolean> resend(List<NotificationDetail> notifications) {
        List<NotificationId> ids =
                notifications.stream().map(NotificationDetail::id).toList();
        List<@Nullable Wake> resent = store.resend(ids, runtime.now());
        List<Boolean> found = new ArrayList<>(resent.size());
        for (int i = 0; i < resent.size(); i++) {
            Wake wake = resent.get(i);
            found.add(wake != null);
            if (wake != null) {
                listener.on(new FlowEvent.Resent(notifications.get(i)));
            }
            scheduleAnew(wake);
        }
        return found;
    }

    private void scheduleAnew(@Nullable Wake wake) {
        if (wake != null) {
            inFlights.markObsolete(wake.id());
            wakes.schedule(wake, () -> {});
        }
    }

    /**
     * Ends a waiting notification. Blocks for the store.
     *
     * @throws StoreException if the store could not
     */
    public Cancellation cancel(NotificationDetail notification) {
        NotificationId id = notification.id();
        Cancellation cancellation = store.cancel(id, runtime.now());
        if (cancellation == Cancellation.CANCELLED) {
            inFlights.markObsolete(id);
            listener.on(new FlowEvent.Cancelled(notification));
        }
        return cancellation;
    }

    /** The merchant's record was changed through this process: paused, resumed, another bound, other keys. Blocks for the store. */
    public void merchantChanged(MerchantId id) {
        Merchant merchant = merchants.reload(id);
        if (merchant != null) {
            dispatcher.merchantChanged(merchant);
        }
    }

    public MerchantHealth health(MerchantId id) {
        return bulkheads.health(id);
    }

    /** Merchants this process has dealt with, by standing. */
    public Map<Standing, Integer> standings() {
        return bulkheads.standings();
    }

    /** Attempts under way. */
    public int inFlight() {
        return bulkheads.inFlight();
    }

    /** Wakes in memory that wait for a slot. */
    public int waiting() {
        return bulkheads.waiting();
    }

    /** Whether the store takes what attempts bring. */
    public boolean isStoreAvailable() {
        return gate.isOpen();
    }

    /** No new attempts; those under way end and settle. True if all did in time. */
    public boolean drain(Duration atMost) {
        draining = true;
        sweeper.stop();
        queue.pause();
        try {
            dispatcher.drain().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("draining never fails", e);
        }
    }

    private void rearmLost(List<Wake> lost) {
        try {
            wakes.rearm(lost, Cause.UNROUTED, runtime.now());
        } catch (StoreException e) {
            // The store is away: the sweeper finds these when it is back.
            return;
        }
    }

    private void refreshMerchants() {
        runtime.executeAfter(REFRESH_EVERY, () -> {
            if (!draining) {
                safely(() -> merchants.refresh(dispatcher::merchantChanged));
                refreshMerchants();
            }
        });
    }

    private void tick() {
        runtime.timer().after(TICK_EVERY, () -> {
            if (!draining) {
                safely(dispatcher::tick);
                tick();
            }
        });
    }

    /** What is done again and again must not end because it failed once. */
    private void safely(Runnable task) {
        try {
            task.run();
        } catch (StoreException e) {
            // The store is away: what is known stays good until it is back.
            return;
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
        }
    }
}
