package dev.rung.observability;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.ReceiverHealth.Standing;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Counts;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gauges that are read from the store and the queue on each scrape, at most once a second: backlog, oldest overdue delivery, queue depths.
 * While the
 * store is unavailable they keep their last values. Thread-safe.
 */
public final class ServerMetrics {
    private static final long FRESH_MILLIS = 1_000;

    private final PrometheusMeterRegistry registry;
    private final NotificationCatalog catalog;
    private final WakeQueue queue;
    private final InstantSource clock;
    private final MultiGauge byRung;
    private final MultiGauge depths;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Map<DeliveryState, Long> byState = Map.of();
    private volatile @Nullable Long oldestOverdue;
    private long readAt = Long.MIN_VALUE;

    public ServerMetrics(
            PrometheusMeterRegistry registry,
            NotificationCatalog catalog,
            WakeQueue queue,
            Engine engine,
            InstantSource clock) {
        this.registry = registry;
        this.catalog = catalog;
        this.queue = queue;
        this.clock = clock;
        this.byRung = MultiGauge.builder("rung.waiting")
                .description("Waiting notifications, by ladder (inline: none) and rung")
                .register(registry);
        this.depths = MultiGauge.builder("rung.queue.depth")
                .description("Messages, by queue")
                .register(registry);
        for (DeliveryState state : DeliveryState.values()) {
            Gauge.builder("rung.notifications", () -> byState.getOrDefault(state, 0L))
                    .description("Stored notifications, by state")
                    .tag("state", state.text())
                    .register(registry);
        }
        gauge("rung.backlog", "Waiting notifications", () -> byState.getOrDefault(DeliveryState.WAITING, 0L));
        gauge("rung.oldest.overdue.seconds", "Age of the oldest overdue delivery that is not parked", this::overdue);
        gauge("rung.in.flight", "Attempts in flight on this server", engine::inFlight);
        gauge("rung.wakes.waiting", "Wakes in memory waiting for a slot", engine::waiting);
        gauge("rung.store.available", "1 while the store accepts settlements", () -> engine.isStoreAvailable() ? 1 : 0);
        gauge("rung.queue.connected", "1 while wakes can be scheduled", () -> queue.isConnected() ? 1 : 0);
        gauge(
                "rung.queue.stalled",
                "Delay queues that do not release expired messages or accept none",
                () -> queue.stalledQueues().size());
        counter("rung.queue.stalls", "Stalls of delay queues", queue::stalls);
        for (Standing standing : Standing.values()) {
            Gauge.builder("rung.merchants", () -> engine.standings().getOrDefault(standing, 0))
                    .description("Merchants seen by this server, by health")
                    .tag("standing", FlowMetrics.label(standing))
                    .register(registry);
        }
    }

    /** A gauge. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** A counter that reads its value from elsewhere. */
    public void counter(String name, String description, Supplier<Number> value) {
        // Micrometer holds the object weakly and the function strongly, so another object must hold it.
        FunctionCounter.builder(name, this, metrics -> value.get().doubleValue())
                .description(description)
                .register(registry);
    }

    private double overdue() {
        Long dueAt = oldestOverdue;
        return dueAt == null ? 0 : Math.max(0, clock.millis() - dueAt) / 1e3;
    }

    /** The metrics in Prometheus text format. */
    public String scrape() {
        refresh();
        return registry.scrape();
    }

    private void refresh() {
        lock.lock();
        try {
            long now = clock.millis();
            if (readAt != Long.MIN_VALUE && now - readAt < FRESH_MILLIS) {
                return;
            }
            readAt = now;
            Counts counts = catalog.counts();
            byState = counts.byState();
            oldestOverdue = catalog.oldestOverdue();
            byRung.register(rows(counts), true);
            List<MultiGauge.Row<?>> queues = new ArrayList<>();
            queue.depths().forEach((name, depth) -> queues.add(MultiGauge.Row.of(Tags.of("queue", name), depth)));
            depths.register(queues, true);
        } catch (StoreException e) {
            return; // the store is unavailable; see rung_store_available
        } finally {
            lock.unlock();
        }
    }

    private static List<MultiGauge.Row<?>> rows(Counts counts) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        counts.waitingByRung().forEach((rung, count) -> {
            String ladder = rung.ladder().isEmpty() ? "none" : rung.ladder();
            rows.add(MultiGauge.Row.of(Tags.of("ladder", ladder, "rung", Integer.toString(rung.step())), count));
        });
        return rows;
    }
}
