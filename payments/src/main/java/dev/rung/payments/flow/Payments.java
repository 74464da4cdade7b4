package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.Sender;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The payments of one process; its engine makes the compensating queries and delivers the results. Thread-safe. Methods block the caller's thread for
 * the store and, where stated, for the channel; callers should be virtual threads.
 *
 * <p>The engine is started with {@link #sender}. Payments are read from the {@link PaymentStore}.
 */
public final class Payments {
    /**
     * How payments are queried and stored.
     *
     * @param queryLadder waits of the compensating query; the last repeats
     * @param storeLanes batches of one kind written at the same time; one if the store has one writer, which commits waiting writes together itself
     */
    public record Settings(Ladder queryLadder, int storeLanes) {}

    /** Discrepancies of one transaction. */
    private static final int REPORTED_TOGETHER = 500;

    private final PaymentStore store;
    private final Channels channels;
    private final NotificationOutbox outbox;
    private final EvidenceApplier evidenceApplier;
    private final OrderPlacement placement;
    private final Callbacks callbacks;
    private final OrphanCallbackRetrier orphans;
    private final QuerySender queries;
    private final Refunds refunds;
    private final DiscrepancySettlement settlement;
    private final ChannelMadeRefunds channelMade;
    private final PaymentsListener listener;

    /**
     * @param outbox delivers compensating queries and result notifications
     * @param ids begin above {@link PaymentStore#lastId}
     */
    public Payments(
            PaymentStore store,
            RefundStore refundStore,
            List<PaymentChannel> channels,
            NotificationOutbox outbox,
            EngineRuntime runtime,
            Ids ids,
            Settings settings,
            PaymentsListener listener) {
        this(
                store,
                refundStore,
                settings.storeLanes() == 1
                        ? PaymentWriter.unbatched(store, refundStore)
                        : PaymentWriter.batched(
                                store, refundStore, runtime.executor(), settings.storeLanes(), defects(listener)),
                channels,
                outbox,
                runtime,
                ids,
                settings.queryLadder(),
                listener);
    }

    Payments(
            PaymentStore store,
            RefundStore refundStore,
            PaymentWriter writer,
            List<PaymentChannel> channels,
            NotificationOutbox outbox,
            EngineRuntime runtime,
            Ids ids,
            Ladder queryLadder,
            PaymentsListener listener) {
        Consumer<RuntimeException> defects = defects(listener);
        QuerySchedule schedule = new QuerySchedule(queryLadder);
        this.store = store;
        this.listener = listener;
        this.outbox = outbox;
        this.channels = new Channels(channels, listener);
        this.evidenceApplier = new EvidenceApplier(store, writer, outbox, runtime.clock(), ids, listener);
        this.placement = new OrderPlacement(
                runtime, ids, writer, this.channels, evidenceApplier, outbox, schedule, listener, defects);
        RefundEvidenceApplier refundApplier =
                new RefundEvidenceApplier(refundStore, writer, evidenceApplier, outbox, runtime.clock(), ids, listener);
        RefundSchedule refundSchedule = new RefundSchedule(schedule);
        this.refunds = new Refunds(
                runtime,
                ids,
                store,
                refundStore,
                writer,
                this.channels,
                refundApplier,
                outbox,
                refundSchedule,
                listener,
                defects);
        this.settlement = new DiscrepancySettlement(store, refundStore, this.channels, evidenceApplier, refunds);
        this.channelMade =
                new ChannelMadeRefunds(store, writer, evidenceApplier, outbox, runtime.clock(), ids, listener);
        CallbackApplier callbackApplier =
                new CallbackApplier(store, refundStore, evidenceApplier, refundApplier, channelMade, outbox);
        this.orphans = new OrphanCallbackRetrier(store, runtime, this.channels, callbackApplier, outbox, defects);
        this.callbacks = new Callbacks(store, runtime, ids, callbackApplier, evidenceApplier, orphans, listener);
        this.queries = new QuerySender(
                new CompensatingQuery.Context(store, this.channels, evidenceApplier, schedule, runtime.clock(), ids),
                new CompensatingRefundQuery.Context(
                        store,
                        refundStore,
                        this.channels,
                        refundApplier,
                        evidenceApplier,
                        refundSchedule,
                        runtime.clock(),
                        ids),
                runtime,
                defects);
    }

    private static Consumer<RuntimeException> defects(PaymentsListener listener) {
        return e -> listener.on(new PaymentsEvent.Defect(e));
    }

    /** The sender for the engine: notifications go to merchants, compensating queries to their channels. */
    public Sender sender(Sender toMerchants) {
        return new RoutingSender(toMerchants, queries);
    }

    /** Starts the periodic retries of orphaned callbacks. */
    public void start() {
        orphans.start();
    }

    /** Ends the periodic tasks; calls still work. */
    public void stop() {
        orphans.stop();
    }

    /**
     * Sends a signed test request to a channel. Blocks for the channel.
     *
     * @return what is wrong; empty if nothing is
     * @throws IllegalArgumentException if this server has no such channel
     */
    public List<String> check(String channel) {
        return channels.get(channel).check();
    }

    public Refunds refunds() {
        return refunds;
    }

    /**
     * Stores a refund that a bill shows and that is unknown here: it was made at the channel itself.
     *
     * @param number the channel's
     */
    public void recordChannelRefund(Payment payment, String number, RefundEvidence.Refunded refunded) {
        channelMade.record(payment, number, refunded, ChangeSource.RECONCILIATION, null);
    }

    /**
     * Stores discrepancies that a bill shows, in several transactions. Returns how many are new.
     *
     * @throws StoreException if the store failed; some may be stored, and the caller may repeat it
     */
    public int report(List<StoredDiscrepancy> found) {
        int stored = 0;
        for (int from = 0; from < found.size(); from += REPORTED_TOGETHER) {
            List<StoredDiscrepancy> part = found.subList(from, Math.min(from + REPORTED_TOGETHER, found.size()));
            List<Boolean> isNew = store.report(part);
            for (int i = 0; i < part.size(); i++) {
                if (isNew.get(i)) {
                    stored++;
                    listener.on(new PaymentsEvent.DiscrepancyFound(part.get(i)));
                }
            }
        }
        return stored;
    }

    public DiscrepancySettlement settlement() {
        return settlement;
    }

    /** Replaces the channels of this server, whose accounts were changed. */
    public void useChannels(List<PaymentChannel> next) {
        channels.replace(next);
    }

    /** The names of this server's channels. */
    public Set<String> channels() {
        return channels.names();
    }

    /** Checks options for this channel. Returns the fault, which continues a sentence that begins with the field's name; null if they are valid. */
    public @Nullable String checkOptions(String channel, @Nullable String channelOptions) {
        return channels.get(channel).unguarded().checkOptions(channelOptions);
    }

    /** Checks the subject of an order for this channel. Returns the fault like {@link #checkOptions}. */
    public @Nullable String checkSubject(String channel, String subject) {
        return channels.get(channel).unguarded().checkSubject(subject);
    }

    /** Checks the {@code attach} of an order for this channel. Returns the fault like {@link #checkOptions}. */
    public @Nullable String checkAttach(String channel, String attach) {
        return channels.get(channel).unguarded().checkAttach(attach);
    }

    /** Whether an order of this method at this channel needs the payer's address. */
    public boolean needsPayerIp(String channel, PaymentMethod method) {
        return channels.get(channel).unguarded().needsPayerIp(method);
    }

    /**
     * Stores a payment and places its order at the channel. Returns after the commit.
     *
     * @return completes, never exceptionally, when the channel has answered, and no later than 900 ms from now; for a barcode payment 5 s
     * @throws StoreException if the store failed. Whether the payment is stored may be unknown; the caller may repeat the request
     */
    public CompletionStage<PlaceResult> place(PaymentRequest request) {
        return placement.place(request);
    }

    /**
     * Queries the channel now. Blocks for the channel.
     *
     * @return the payment after the query, unchanged if the channel did not answer; empty if there is no such payment
     * @throws StoreException if the store failed
     */
    public Optional<Payment> sync(PaymentId id) {
        return store.find(id).map(payment -> {
            GuardedChannel channel = channels.find(payment.order().channel());
            return channel == null ? payment : query(channel, payment);
        });
    }

    /** The result of a request to close a payment. */
    public sealed interface Closing {
        /** It is closed, now or before. */
        record Closed(Payment payment) implements Closing {}

        /** The channel has not closed it yet; the compensating query continues to close it. */
        record Requested(Payment payment) implements Closing {}

        /** It has succeeded or failed, before or by the channel's answer. */
        record AlreadyFinal(Payment payment) implements Closing {}

        /** There is no such payment. */
        record Unknown() implements Closing {}
    }

    /**
     * Closes a payment: queries the channel, closes the order there, and then the payment here. Blocks for the channel.
     *
     * @throws StoreException if the store failed
     */
    public Closing close(PaymentId id) {
        Payment payment = store.find(id).orElse(null);
        if (payment == null) {
            return new Closing.Unknown();
        }
        GuardedChannel channel = channels.find(payment.order().channel());
        Payment queried = payment.state().isFinal() || channel == null ? payment : query(channel, payment);
        Payment closed = queried.state().isFinal() || channel == null ? queried : close(channel, queried);
        if (!closed.state().isFinal()) {
            closed = evidenceApplier.apply(closed, PaymentUpdate.ofCloseRequest());
            outbox.makeDueNow(closed.queryId());
        }
        return switch (closed.state()) {
            case CREATED, PAYING -> new Closing.Requested(closed);
            case CLOSED -> new Closing.Closed(closed);
            case SUCCEEDED, FAILED -> new Closing.AlreadyFinal(closed);
        };
    }

    private Payment query(GuardedChannel channel, Payment payment) {
        return channel.callForRequest(() -> channel.query(payment))
                .map(exchange ->
                        evidenceApplier.apply(payment, PaymentUpdate.ofRequestedCall(exchange, ChangeSource.QUERY)))
                .orElse(payment);
    }

    private Payment close(GuardedChannel channel, Payment payment) {
        return channel.callForRequest(() -> channel.close(payment))
                .map(exchange ->
                        evidenceApplier.apply(payment, PaymentUpdate.ofRequestedCall(exchange, ChangeSource.CLOSE)))
                .orElse(payment);
    }

    /**
     * Receives a channel's callback. Returns after its consequences are committed.
     *
     * @return the acknowledgement that the channel expects; empty if there is no such channel
     * @throws StoreException if the store failed: the callback must not be acknowledged
     */
    public Optional<Acknowledgement> callback(String channel, CallbackRequest request) {
        return Optional.ofNullable(channels.find(channel)).map(found -> callbacks.receive(found, request));
    }
}
