package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.flow.ReceiverHealth.Standing;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.ClusterStore;
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
 * The engine of one process: accepts notifications, delivers them, and executes users' requests for them. Thread-safe.
 *
 * <p>Its ports belong to the caller, who closes them after {@link #drain}.
 */
public final class Engine implements NotificationOutbox {
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(1);
    private static final Duration TICK_EVERY = Duration.ofMillis(250);

    private final NotificationStore store;
    private final WakeQueue queue;
    private final EngineRuntime runtime;
    private final FlowListener listener;
    private final StoreGate gate;
    private final WakeScheduler wakes;
    private final MerchantCache merchants;
    private final Bulkheads bulkheads;
    private final ClusterLimits clusterLimits;
    private final InFlightDeliveries inFlights;
    private final AttemptRunner attempts;
    private final Dispatcher dispatcher;
    private final Sweeper sweeper;
    private final Intake intake;
    private volatile boolean draining;

    /**
     * @param merchants started; the engine refreshes it while it runs
     */
    public Engine(
            NotificationStore store,
            MerchantCache merchants,
            ClusterStore cluster,
            WakeQueue queue,
            EngineRuntime runtime,
            Ids ids,
            EngineLimits limits,
            FlowListener listener) {
        this.store = store;
        this.queue = queue;
        this.runtime = runtime;
        this.listener = listener;
        this.gate = new StoreGate(queue, listener);
        this.wakes = new WakeScheduler(store, queue, runtime, listener);
        this.merchants = merchants;
        this.bulkheads = new Bulkheads(runtime.clock(), limits.maxInFlight());
        this.clusterLimits = new ClusterLimits(cluster, runtime, bulkheads, queue.isShared(), ids.next());
        this.inFlights = new InFlightDeliveries();
        this.attempts = new AttemptRunner(store, runtime, limits, ids, wakes, gate, listener);
        AttemptTimeouts timeouts = new AttemptTimeouts(store, merchants);
        this.dispatcher = new Dispatcher(
                store,
                queue,
                runtime,
                limits,
                merchants,
                bulkheads,
                clusterLimits,
                inFlights,
                new RedeliveredWakes(store, runtime, gate, wakes, inFlights, timeouts),
                wakes,
                gate,
                new DeliveryParking(store, runtime, gate, listener),
                attempts,
                listener);
        this.sweeper = new Sweeper(store, queue, runtime, wakes, inFlights, timeouts, dispatcher, listener);
        this.intake = new Intake(store, runtime, limits, ids, wakes, merchants, dispatcher, listener);
    }

    /**
     * Starts delivering and sweeping. Notifications accepted before are stored and wait in the queue.
     *
     * @param sender makes the attempts
     */
    public void start(Sender sender) {
        startDelivering(sender);
        sweeper.start();
    }

    private void startDelivering(Sender sender) {
        attempts.start(sender);
        safely(clusterLimits::refresh);
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

    /** As {@link #start}, but without the sweeper: for tests of the process without it. */
    void startWithoutSweeper(Sender sender) {
        startDelivering(sender);
    }

    /**
     * Stores a notification. The stage completes after the commit, or exceptionally with {@link StoreException}.
     *
     * @throws Overloaded if too many notifications are waiting to be stored; this one is not
     * @throws NoReceiver if the merchant has no receiver for it
     */
    public CompletionStage<Acceptance> accept(NotificationRequest request) {
        return intake.accept(request);
    }

    @Override
    public @Nullable NewNotification prepare(NotificationRequest request) {
        return intake.prepare(request);
    }

    @Override
    public NewNotification prepareQuery(NotificationRequest query) {
        return intake.prepareQuery(query);
    }

    @Override
    public void committed(NewNotification notification) {
        intake.committed(notification);
    }

    @Override
    public void changed(NotificationId id) {
        inFlights.markObsolete(id);
    }

    @Override
    public void makeDueNow(NotificationId id) {
        store.resend(List.of(id), null, false, runtime.now()).forEach(this::scheduleChanged);
    }

    /**
     * Makes an attempt of each due now; false for those that are no longer stored. Blocks for the store.
     *
     * @param url where they go instead of where they were addressed to; null: as they were addressed
     * @param urgent whether they wait for no throttle and no rate
     * @throws StoreException if the store failed
     */
    public List<Boolean> resend(List<NotificationDetail> notifications, @Nullable String url, boolean urgent) {
        List<NotificationId> ids =
                notifications.stream().map(NotificationDetail::id).toList();
        List<@Nullable Wake> resent = store.resend(ids, url, urgent, runtime.now());
        List<Boolean> found = new ArrayList<>(resent.size());
        for (int i = 0; i < resent.size(); i++) {
            Wake wake = resent.get(i);
            found.add(wake != null);
            if (wake != null) {
                listener.on(new FlowEvent.Resent(notifications.get(i)));
            }
            scheduleChanged(wake);
        }
        return found;
    }

    private void scheduleChanged(@Nullable Wake wake) {
        if (wake != null) {
            inFlights.markObsolete(wake.id());
            wakes.schedule(wake, () -> {});
        }
    }

    /**
     * Cancels a waiting notification. Blocks for the store.
     *
     * @throws StoreException if the store failed
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

    /** A merchant or one of its endpoints was changed through this process: paused, resumed, another limit, other keys. Blocks for the store. */
    public void merchantChanged(MerchantId id) {
        Merchant merchant = merchants.reload(id);
        if (merchant != null) {
            dispatcher.merchantChanged(merchant);
        }
    }

    public ReceiverHealth health(ReceiverId id) {
        return bulkheads.health(id);
    }

    /** Receivers that this process has delivered to, by standing. */
    public Map<Standing, Integer> standings() {
        return bulkheads.standings();
    }

    /** Attempts in flight. */
    public int inFlight() {
        return bulkheads.inFlight();
    }

    /** Deliveries in memory that wait for a slot. */
    public int waiting() {
        return bulkheads.waiting();
    }

    /** Whether the store takes settlements. */
    public boolean isStoreAvailable() {
        return gate.isOpen();
    }

    /** Starts no new attempts and waits until those in flight are settled; false if the time was too short. */
    public boolean drain(Duration atMost) {
        draining = true;
        clusterLimits.leave();
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
            throw new IllegalStateException("draining failed, which is a bug", e);
        }
    }

    private void rearmLost(List<Wake> lost) {
        try {
            wakes.rearm(lost, Cause.UNROUTED, runtime.now());
        } catch (StoreException e) {
            // The store is unavailable: the sweeper finds these when it is available again.
            return;
        }
    }

    private void refreshMerchants() {
        runtime.executeAfter(REFRESH_EVERY, () -> {
            if (!draining) {
                safely(() -> merchants.refresh(dispatcher::merchantChanged));
                safely(clusterLimits::refresh);
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

    /** Runs a periodic task so that one failure does not end it. */
    private void safely(Runnable task) {
        try {
            task.run();
        } catch (StoreException e) {
            // The store is unavailable: the cached data stay in use until the next run.
            return;
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
        }
    }
}
