package dev.rung.observability;

import dev.rung.core.port.StoreException;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsListener;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel.Placement;
import dev.rung.payments.port.PaymentStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what happens to payments, and how many there are. The store is asked at most once a second; while it is away the last answers stand. No
 * label ever holds an id. Thread-safe.
 */
public final class PaymentsMetrics implements PaymentsListener {
    private static final long FRESH_MILLIS = 1_000;
    /** Beyond so many it makes no difference to whoever must look at them. */
    private static final int OPEN_COUNTED_MAX = 10_000;

    private final MeterRegistry registry;
    private final PaymentStore store;
    private final InstantSource clock;
    private final Counter rescued;
    private final Counter defects;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Map<PaymentState, Long> byState = Map.of();
    private volatile int openDiscrepancies;
    private long readAt = Long.MIN_VALUE;

    public PaymentsMetrics(MeterRegistry registry, PaymentStore store, InstantSource clock) {
        this.registry = registry;
        this.store = store;
        this.clock = clock;
        this.rescued = counter("rung.payments.rescued", "Payments found paid by asking, before the channel called back")
                .register(registry);
        this.defects = counter("rung.defects", "Failures that are bugs").register(registry);
        for (PaymentState state : PaymentState.values()) {
            Gauge.builder("rung.payments", () -> fresh().getOrDefault(state, 0L))
                    .description("Payments, by state")
                    .tag("state", state.text())
                    .register(registry);
        }
        Gauge.builder("rung.discrepancies.open", () -> {
                    fresh();
                    return openDiscrepancies;
                })
                .description("What needs a person, counted up to " + OPEN_COUNTED_MAX)
                .register(registry);
    }

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description);
    }

    private Map<PaymentState, Long> fresh() {
        lock.lock();
        try {
            long now = clock.millis();
            if (readAt == Long.MIN_VALUE || now - readAt >= FRESH_MILLIS) {
                readAt = now;
                byState = store.countByState();
                openDiscrepancies = store.openDiscrepancies(OPEN_COUNTED_MAX);
            }
        } catch (StoreException e) {
            return byState; // the store is away, which another gauge says
        } finally {
            lock.unlock();
        }
        return byState;
    }

    @Override
    public void on(PaymentsEvent event) {
        switch (event) {
            case PaymentsEvent.Created e ->
                counter("rung.payments.taken", "Payments taken down")
                        .tag("channel", e.payment().order().channel())
                        .register(registry)
                        .increment();
            case PaymentsEvent.Placed e ->
                counter("rung.payment.placements", "Orders placed at channels, by what came of it")
                        .tag("channel", e.payment().order().channel())
                        .tag("outcome", word(e.placement()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.Queried e ->
                counter("rung.payment.queries", "Questions asked of channels, by what they said")
                        .tag("channel", e.payment().order().channel())
                        .tag("outcome", word(e.evidence()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.Moved e -> moved(e);
            case PaymentsEvent.Doubted e ->
                counter("rung.payment.doubts", "What did not fit, counted once each")
                        .tag("channel", e.finding().channel())
                        .tag("kind", e.finding().kind().text())
                        .register(registry)
                        .increment();
            case PaymentsEvent.CalledBack e ->
                counter("rung.payment.callbacks", "Callbacks of channels, by what was made of them")
                        .tag("channel", e.channel())
                        .tag("verdict", FlowMetrics.word(e.reception()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.Defect e -> defects.increment();
        }
    }

    private void moved(PaymentsEvent.Moved e) {
        if (e.isRescue()) {
            rescued.increment();
        }
        counter("rung.payments.moved", "Payments that moved, by where to and who brought it about")
                .tag("state", e.after().state().text())
                .tag("source", e.source().text())
                .register(registry)
                .increment();
    }

    static String word(Placement placement) {
        return switch (placement) {
            case Placement.Placed p -> "placed";
            case Placement.Rejected r -> "rejected";
            case Placement.Unclear u -> "unclear";
        };
    }

    static String word(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid p -> "paid";
            case Evidence.Unpaid u -> "unpaid";
            case Evidence.Refused r -> "refused";
            case Evidence.Failed f -> "failed";
            case Evidence.Closed c -> "closed";
            case Evidence.Unknown u -> "unknown";
        };
    }
}
