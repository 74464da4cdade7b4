package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.model.Ids;
import dev.rung.payments.flow.PaymentsEvent.CallbackReceived.CallbackResult;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/** Receives the channels' callbacks. A callback is acknowledged only when its consequences are committed. Thread-safe. */
final class Callbacks {
    /** Number of unverified callbacks stored per channel. */
    static final int UNVERIFIED_KEPT = 1_000;

    /** The bytes stored of an unverified callback. */
    static final int SAMPLE_BYTES_MAX = 16 * 1024;

    private final PaymentStore store;
    private final CallbackApplier callbackApplier;
    private final EvidenceApplier evidenceApplier;
    private final OrphanCallbackRetrier orphans;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    Callbacks(
            PaymentStore store,
            EngineRuntime runtime,
            Ids ids,
            CallbackApplier callbackApplier,
            EvidenceApplier evidenceApplier,
            OrphanCallbackRetrier orphans,
            PaymentsListener listener) {
        this.store = store;
        this.callbackApplier = callbackApplier;
        this.evidenceApplier = evidenceApplier;
        this.orphans = orphans;
        this.clock = runtime.clock();
        this.ids = ids;
        this.listener = listener;
    }

    /** See {@link Payments#callback}. */
    Acknowledgement receive(GuardedChannel guarded, CallbackRequest request) {
        PaymentChannel channel = guarded.unguarded();
        return switch (channel.readCallback(request)) {
            case PaymentChannel.Callback.Unverified(String reason) -> {
                store.storeUnverified(sample(channel, request, reason), group(request, reason), UNVERIFIED_KEPT);
                listener.on(new PaymentsEvent.CallbackReceived(channel.name(), CallbackResult.UNVERIFIED));
                yield channel.acknowledgement(false);
            }
            case PaymentChannel.Callback.Irrelevant() -> channel.acknowledgement(true);
            case PaymentChannel.Callback.Verified genuine -> {
                StoredCallback callback = stored(channel, request, true, TimelineMessages.evidence(genuine.evidence()));
                if (!callbackApplier.apply(guarded, genuine, callback)) {
                    keepOrphan(channel, genuine.outTradeNo(), "an order that is unknown in Rung", callback);
                }
                yield channel.acknowledgement(true);
            }
            case PaymentChannel.Callback.VerifiedRefund genuine -> {
                StoredCallback callback = stored(channel, request, true, RefundMessages.evidence(genuine.evidence()));
                if (!callbackApplier.apply(guarded, genuine, callback)) {
                    keepOrphan(
                            channel,
                            genuine.outTradeNo() + " " + genuine.refundNo(),
                            "a refund of which too little is known here",
                            callback);
                }
                yield channel.acknowledgement(true);
            }
        };
    }

    /**
     * Keeps a callback that names an unknown order or refund.
     *
     * @param subject the order's number, for a refund followed by the refund's
     */
    private void keepOrphan(PaymentChannel channel, String subject, String what, StoredCallback callback) {
        StoredDiscrepancy discrepancy = new StoredDiscrepancy(
                new DiscrepancyId(ids.next()),
                DiscrepancyKind.UNKNOWN_ORDER,
                channel.name(),
                subject,
                null,
                "callback of " + what + ": " + callback.verdict(),
                callback.receivedAt(),
                null);
        store.storeOrphan(callback, discrepancy);
        orphans.retrySoon(callback.id());
        listener.on(new PaymentsEvent.CallbackReceived(channel.name(), CallbackResult.UNKNOWN_ORDER));
        evidenceApplier.report(discrepancy);
    }

    /** The cause without what varies in it, and the sender. */
    private static String group(CallbackRequest request, String reason) {
        int details = reason.indexOf(':');
        return (details < 0 ? reason : reason.substring(0, details)) + "\n" + request.from();
    }

    /** What is not authentic is kept as a sample only. */
    private StoredCallback sample(PaymentChannel channel, CallbackRequest request, String reason) {
        byte[] body = request.body();
        CallbackRequest bounded = body.length <= SAMPLE_BYTES_MAX
                ? request
                : new CallbackRequest(
                        request.headers(), request.query(), Arrays.copyOf(body, SAMPLE_BYTES_MAX), request.from());
        return stored(channel, bounded, false, reason);
    }

    private StoredCallback stored(PaymentChannel channel, CallbackRequest request, boolean verified, String verdict) {
        return new StoredCallback(
                ids.next(),
                channel.name(),
                Instant.ofEpochMilli(clock.millis()),
                CallbackHeaders.text(request.headers(), channel.signatureHeaders()),
                request.body(),
                verified,
                null,
                verdict);
    }
}
