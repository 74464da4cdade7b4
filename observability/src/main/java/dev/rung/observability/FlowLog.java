package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.TraceParent;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs transitions, one line each, with the same keys in text and JSON; never payloads, responses or secrets.
 *
 * <p>Exhausted notifications, refused targets and outages of the store are INFO and above, limited by {@link LogRateLimiter}. Frequent transitions
 * (accepted, attempted, parked) are DEBUG, because a line each would cost more than the delivery, and the attempts are recorded anyway.
 */
public final class FlowLog implements FlowListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.rung.flow");

    private final LogRateLimiter lines;

    public FlowLog(InstantSource clock) {
        this.lines = new LogRateLimiter(clock);
    }

    @Override
    public void on(FlowEvent event) {
        switch (event) {
            case FlowEvent.Accepted e -> {
                if (LOG.isDebugEnabled()) {
                    traced(LOG.atDebug(), e.notification().content())
                            .addKeyValue("notification.id", e.notification().id())
                            .addKeyValue("merchant.id", e.notification().merchantId())
                            .log("accepted");
                }
            }
            case FlowEvent.Attempted e -> attempted(e.delivery(), e.attempt(), e.next());
            case FlowEvent.Superseded e -> {
                if (LOG.isDebugEnabled()) {
                    attempt(LOG.atDebug(), e.delivery(), e.attempt()).log("superseded");
                }
            }
            case FlowEvent.Parked e -> {
                if (LOG.isDebugEnabled()) {
                    LOG.atDebug()
                            .addKeyValue("notification.id", e.delivery().id())
                            .addKeyValue("merchant.id", e.delivery().merchantId())
                            .addKeyValue("held_by", e.wakeLocation().text())
                            .log("parked");
                }
            }
            case FlowEvent.Resent e ->
                LOG.atDebug().addKeyValue("notification.id", e.before().id()).log("resent");
            case FlowEvent.Cancelled e ->
                info().addKeyValue("notification.id", e.before().id()).log("cancelled");
            case FlowEvent.ReceiverDeleted e ->
                info().addKeyValue("notification.id", e.before().id()).log("cancelled: its receiver was deleted");
            case FlowEvent.StaleWake e ->
                LOG.atDebug().addKeyValue("notification.id", e.id()).log("stale wake");
            case FlowEvent.Rearmed e ->
                info().addKeyValue("count", e.count())
                        .addKeyValue("cause", FlowMetrics.label(e.cause()))
                        .log("re-armed lost wakes");
            case FlowEvent.Defect e ->
                lines.bounded(LOG.atError()).setCause(e.cause()).log("unexpected failure; please report it");
            case FlowEvent.StoreAvailable e -> storeAvailable(e.available());
        }
    }

    private void attempted(Delivery delivery, Attempt attempt, NextStep next) {
        boolean notable = next instanceof NextStep.Exhausted || attempt.outcome() == Outcome.REFUSED;
        if (notable ? !LOG.isInfoEnabled() : !LOG.isDebugEnabled()) {
            return;
        }
        String what = switch (next) {
            case NextStep.Delivered d -> "delivered";
            case NextStep.Retry c -> "waiting";
            case NextStep.Throttled t -> "throttled";
            case NextStep.Exhausted e -> "exhausted";
            case NextStep.Unchanged r -> "delivered";
        };
        LoggingEventBuilder line = attempt(notable ? info() : LOG.atDebug(), delivery, attempt);
        Long dueAt = next.dueAt();
        if (dueAt != null) {
            line = line.addKeyValue("next_attempt_at", dev.rung.web.Timestamps.text(dueAt));
        }
        line.log(what);
    }

    private static LoggingEventBuilder traced(LoggingEventBuilder line, Delivery.Content content) {
        TraceParent trace = content.trace();
        return trace == null ? line : line.addKeyValue("trace_id", trace.traceId());
    }

    private LoggingEventBuilder info() {
        return lines.bounded(LOG.atInfo());
    }

    private static LoggingEventBuilder attempt(LoggingEventBuilder line, Delivery delivery, Attempt attempt) {
        line = traced(line, delivery.content())
                .addKeyValue("notification.id", delivery.id())
                .addKeyValue("merchant.id", delivery.merchantId())
                .addKeyValue("attempt", attempt.number())
                .addKeyValue("outcome", attempt.outcome().text())
                .addKeyValue("late_ms", attempt.latenessMillis())
                .addKeyValue("duration_ms", attempt.durationMillis());
        return attempt.error() == null ? line : line.addKeyValue("error", attempt.error());
    }

    private static void storeAvailable(boolean available) {
        if (available) {
            LOG.info("the store is available again");
        } else {
            LOG.warn("the store is unavailable; attempts are suspended");
        }
    }
}
