package dev.rung.observability;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantHealth.Standing;
import dev.rung.core.model.NotificationState;
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
 * What is asked for when metrics are read: how much waits, how long the oldest is overdue, how deep the queues are. At most once a
 * second, however many read; while the store is away the last answers stand. Thread-safe.
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
    private volatile Map<NotificationState, Long> byState = Map.of();
    private volatile @Nullable Long oldestOwed;
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
                .description("Notifications waiting, by ladder (inline ones: none) and attempts made on this climb")
                .register(registry);
        this.depths = MultiGauge.builder("rung.queue.depth")
                .description("Messages in each queue")
                .register(registry);
        for (NotificationState state : NotificationState.values()) {
            Gauge.builder("rung.notifications", () -> byState.getOrDefault(state, 0L))
                    .description("Notifications kept, by state")
                    .tag("state", state.text())
                    .register(registry);
        }
        gauge("rung.backlog", "Notifications waiting", () -> byState.getOrDefault(NotificationState.WAITING, 0L));
        gauge("rung.oldest.overdue.seconds", "How long the oldest is overdue that nothing holds back", this::overdue);
        gauge("rung.in.flight", "Attempts under way in this server", engine::inFlight);
        gauge("rung.wakes.waiting", "Wakes in memory that wait for a slot", engine::waiting);
        gauge(
                "rung.store.available",
                "1 while the store takes what attempts bring",
                () -> engine.isStoreAvailable() ? 1 : 0);
        gauge("rung.queue.connected", "1 while wakes can be scheduled", () -> queue.isConnected() ? 1 : 0);
        gauge(
                "rung.queue.stalled",
                "Queues of the broker that do not let go of their messages, or take none",
                () -> queue.stalledQueues().size());
        counter("rung.queue.stalls", "Times a queue of the broker was found stalled", queue::stalls);
        for (Standing standing : Standing.values()) {
            Gauge.builder("rung.merchants", () -> engine.standings().getOrDefault(standing, 0))
                    .description("Merchants this server has dealt with, by standing")
                    .tag("standing", FlowMetrics.word(standing))
                    .register(registry);
        }
    }

    /** A number that is asked for when metrics are read. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** A count that somebody else keeps. */
    public void counter(String name, String description, Supplier<Number> value) {
        // The object is held weakly, the function is not: with the supplier as object it would count until it is
        // collected.
        FunctionCounter.builder(name, this, metrics -> value.get().doubleValue())
                .description(description)
                .register(registry);
    }

    private double overdue() {
        Long dueAt = oldestOwed;
        return dueAt == null ? 0 : Math.max(0, clock.millis() - dueAt) / 1e3;
    }

    /** The text that Prometheus reads. */
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
            oldestOwed = catalog.oldestOwed();
            byRung.register(rows(counts), true);
            List<MultiGauge.Row<?>> queues = new ArrayList<>();
            queue.depths().forEach((name, depth) -> queues.add(MultiGauge.Row.of(Tags.of("queue", name), depth)));
            depths.register(queues, true);
        } catch (StoreException e) {
            return; // the store is away, which another gauge says
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
