package dev.rung.observability;

import dev.rung.core.port.StoreException;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsListener;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.PaymentChannel.Placement;
import dev.rung.payments.port.PaymentStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Metrics of payments. Gauges read the store at most once a second and keep their last values while it is unavailable. Labels never contain ids.
 * Thread-safe.
 */
public final class PaymentsMetrics implements PaymentsListener {
    private static final long FRESH_MILLIS = 1_000;
    /** Open discrepancies are counted up to this number. */
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
        this.rescued = counter("rung.payments.rescued", "Payments found paid by a query before the callback arrived")
                .register(registry);
        this.defects = counter("rung.defects", "Unexpected failures").register(registry);
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
                .description("Open discrepancies, counted up to " + OPEN_COUNTED_MAX)
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
            return byState; // the store is unavailable; see rung_store_available
        } finally {
            lock.unlock();
        }
        return byState;
    }

    @Override
    public void on(PaymentsEvent event) {
        switch (event) {
            case PaymentsEvent.Created e ->
                counter("rung.payments.taken", "Created payments")
                        .tag("channel", e.payment().order().channel())
                        .register(registry)
                        .increment();
            case PaymentsEvent.Placed e ->
                counter("rung.payment.placements", "Placements at channels, by outcome")
                        .tag("channel", e.payment().order().channel())
                        .tag("outcome", label(e.placement()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.Queried e ->
                counter("rung.payment.queries", "Queries to channels, by result")
                        .tag("channel", e.payment().order().channel())
                        .tag("outcome", label(e.evidence()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.RefundCreated e ->
                counter("rung.refunds.taken", "Refunds, asked for here or made at the channel")
                        .tag("channel", e.refund().terms().channel())
                        .register(registry)
                        .increment();
            case PaymentsEvent.RefundQueried e ->
                counter("rung.refund.queries", "Requests and queries about refunds to channels, by result")
                        .tag("channel", e.payment().order().channel())
                        .tag("outcome", label(e.evidence()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.RefundStateChanged e ->
                counter("rung.refunds.moved", "State changes of refunds, by state and source")
                        .tag("state", e.after().state().text())
                        .tag("source", e.source().text())
                        .register(registry)
                        .increment();
            case PaymentsEvent.StateChanged e -> stateChanged(e);
            case PaymentsEvent.DiscrepancyFound e ->
                counter("rung.payment.discrepancies", "Discrepancies found")
                        .tag("channel", e.discrepancy().channel())
                        .tag("kind", e.discrepancy().kind().text())
                        .register(registry)
                        .increment();
            case PaymentsEvent.CallbackReceived e ->
                counter("rung.payment.callbacks", "Channel callbacks, by result")
                        .tag("channel", e.channel())
                        .tag("verdict", FlowMetrics.label(e.result()))
                        .register(registry)
                        .increment();
            case PaymentsEvent.Defect e -> defects.increment();
        }
    }

    private void stateChanged(PaymentsEvent.StateChanged e) {
        if (e.isFoundByQuery()) {
            rescued.increment();
        }
        counter("rung.payments.moved", "State changes of payments, by state and source")
                .tag("state", e.after().state().text())
                .tag("source", e.source().text())
                .register(registry)
                .increment();
    }

    static String label(Placement placement) {
        return switch (placement) {
            case Placement.Placed p -> "placed";
            case Placement.Rejected r -> "rejected";
            case Placement.Unclear u -> "unclear";
        };
    }

    static String label(RefundEvidence evidence) {
        return switch (evidence) {
            case RefundEvidence.Refunded r -> "refunded";
            case RefundEvidence.Processing p -> "processing";
            case RefundEvidence.Refused r -> "refused";
            case RefundEvidence.NotApproved n -> "not_approved";
            case RefundEvidence.Failed f -> "failed";
            case RefundEvidence.Stuck s -> "stuck";
            case RefundEvidence.NotFound n -> "not_found";
            case RefundEvidence.NotEnded n -> "not_ended";
            case RefundEvidence.Unknown u -> "unknown";
        };
    }

    static String label(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid p -> "paid";
            case Evidence.Unpaid u -> "unpaid";
            case Evidence.Rejected r -> "rejected";
            case Evidence.Failed f -> "failed";
            case Evidence.Closed c -> "closed";
            case Evidence.NotFound n -> "not_found";
            case Evidence.Unknown u -> "unknown";
        };
    }
}
