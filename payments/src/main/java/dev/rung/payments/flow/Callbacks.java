package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.payments.flow.PaymentsEvent.CalledBack.Reception;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What channels say of their own accord. It is acknowledged only when what follows from it is committed. Thread-safe. */
final class Callbacks {
    /** Of each channel's callbacks that could not be verified so many are kept. */
    static final int UNVERIFIED_KEPT = 1_000;

    private final PaymentStore store;
    private final EvidenceApplier results;
    private final OrphanCallbackRetrier strays;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    Callbacks(Payments.Ports ports, EvidenceApplier results, OrphanCallbackRetrier strays, PaymentsListener listener) {
        this.store = ports.store();
        this.results = results;
        this.strays = strays;
        this.clock = ports.clock();
        this.ids = ports.ids();
        this.listener = listener;
    }

    /** See {@link Payments#callback}. */
    Acknowledgement receive(PaymentChannel channel, CallbackRequest request) {
        return switch (channel.readCallback(request)) {
            case PaymentChannel.Callback.Unverified(String reason) -> {
                store.keepUnverified(stored(channel, request, false, reason), UNVERIFIED_KEPT);
                listener.on(new PaymentsEvent.CalledBack(channel.name(), Reception.UNVERIFIED));
                yield channel.acknowledgement(false);
            }
            case PaymentChannel.Callback.Genuine(String orderNo, Evidence evidence) -> {
                StoredCallback callback = stored(channel, request, true, TimelineMessages.evidence(evidence));
                find(store, channel.name(), orderNo)
                        .ifPresentOrElse(
                                payment -> results.apply(payment, PaymentUpdate.calledBack(evidence, callback)),
                                () -> keepStray(channel, orderNo, callback));
                yield channel.acknowledgement(true);
            }
        };
    }

    private void keepStray(PaymentChannel channel, String orderNo, StoredCallback callback) {
        StoredDiscrepancy finding = new StoredDiscrepancy(
                new DiscrepancyId(ids.next()),
                DiscrepancyKind.UNKNOWN_ORDER,
                channel.name(),
                orderNo,
                null,
                "a callback speaks of an order that is not known here: " + callback.verdict(),
                callback.receivedAt(),
                null);
        store.keepStray(callback, finding);
        strays.lookSoon();
        listener.on(new PaymentsEvent.CalledBack(channel.name(), Reception.UNKNOWN_ORDER));
        results.doubted(finding);
    }

    /** The payment that a channel speaks of: one that was placed there, whatever number it names. */
    static Optional<Payment> find(PaymentStore store, String channel, String orderNo) {
        PaymentId id;
        try {
            id = PaymentId.parse(orderNo);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return store.find(id).filter(payment -> payment.order().channel().equals(channel));
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
