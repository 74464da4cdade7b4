package dev.rung.observability;

import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsEvent.CallbackReceived.CallbackResult;
import dev.rung.payments.flow.PaymentsListener;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs transitions of payments, one line each, with the same keys in text and JSON; never channel responses or secrets. Discrepancies are warnings,
 * final states INFO, the rest DEBUG, because the timeline has everything. {@link LogRateLimiter} limits INFO and above, because anyone can send
 * callbacks.
 */
public final class PaymentsLog implements PaymentsListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.rung.payments");

    private final LogRateLimiter lines;

    public PaymentsLog(InstantSource clock) {
        this.lines = new LogRateLimiter(clock);
    }

    @Override
    public void on(PaymentsEvent event) {
        switch (event) {
            case PaymentsEvent.Created e -> payment(LOG.atDebug(), e.payment()).log("created");
            case PaymentsEvent.Placed e ->
                payment(LOG.atDebug(), e.payment())
                        .addKeyValue("outcome", PaymentsMetrics.label(e.placement()))
                        .log("placed");
            case PaymentsEvent.Queried e ->
                payment(LOG.atDebug(), e.payment())
                        .addKeyValue("outcome", PaymentsMetrics.label(e.evidence()))
                        .log("queried");
            case PaymentsEvent.RefundCreated e ->
                refund(LOG.atDebug(), e.refund()).log("refund created");
            case PaymentsEvent.RefundQueried e ->
                payment(LOG.atDebug(), e.payment())
                        .addKeyValue("outcome", PaymentsMetrics.label(e.evidence()))
                        .log("refund queried");
            case PaymentsEvent.RefundStateChanged e ->
                refund(lines.bounded(LOG.atInfo()), e.after())
                        .addKeyValue("after", e.after().state().text())
                        .addKeyValue("source", e.source().text())
                        .log("refund ended");
            case PaymentsEvent.StateChanged e ->
                payment(e.after().state().isFinal() ? lines.bounded(LOG.atInfo()) : LOG.atDebug(), e.after())
                        .addKeyValue("before", e.before().state().text())
                        .addKeyValue("after", e.after().state().text())
                        .addKeyValue("source", e.source().text())
                        .log(e.isFoundByQuery() ? "state changed by query before the callback" : "state changed");
            case PaymentsEvent.DiscrepancyFound e ->
                lines.bounded(LOG.atWarn())
                        .addKeyValue("discrepancy.kind", e.discrepancy().kind().text())
                        .addKeyValue("channel", e.discrepancy().channel())
                        .addKeyValue("subject", e.discrepancy().subject())
                        .log("discrepancy");
            case PaymentsEvent.CallbackReceived e ->
                (e.result() == CallbackResult.UNVERIFIED ? lines.bounded(LOG.atInfo()) : LOG.atDebug())
                        .addKeyValue("channel", e.channel())
                        .addKeyValue("result", FlowMetrics.label(e.result()))
                        .log("callback");
            case PaymentsEvent.Defect e ->
                lines.bounded(LOG.atError()).setCause(e.cause()).log("unexpected failure; please report it");
        }
    }

    private static LoggingEventBuilder refund(LoggingEventBuilder line, Refund refund) {
        return line.addKeyValue("refund.id", refund.id())
                .addKeyValue("payment.id", refund.terms().payment())
                .addKeyValue("merchant.id", refund.terms().merchantId())
                .addKeyValue("channel", refund.terms().channel());
    }

    private static LoggingEventBuilder payment(LoggingEventBuilder line, Payment payment) {
        return line.addKeyValue("payment.id", payment.id())
                .addKeyValue("merchant.id", payment.order().merchantId())
                .addKeyValue("channel", payment.order().channel());
    }
}
