package dev.rung.payments.flow;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.Sender;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Payments as the server holds them: one for a process, beside its {@link Engine}. Thread-safe. What it is asked to do it does on the caller's
 * thread, which waits for the store and, where that is said, for the channel; so callers are virtual threads.
 *
 * <p>It is made before the engine, which attempts through {@link #sender} and knows merchants through {@link #merchants}, and begins with {@link
 * #start}. Reading is the {@link PaymentStore}'s.
 */
public final class Payments {
    /** A payment request is answered within this, whatever the channel does. */
    static final Duration ANSWERED_WITHIN = Duration.ofMillis(900);

    /** What payments are built on; {@code ids} begin above {@link PaymentStore#lastId}. */
    public record Ports(
            PaymentStore store,
            List<PaymentChannel> channels,
            Timer timer,
            InstantSource clock,
            Executor executor,
            Ids ids) {}

    /**
     * How they go.
     *
     * @param queryLadder waits of the compensating query; the last repeats
     * @param storeLanes batches of one kind under way at once: one where the store has one writer
     */
    public record Settings(Ladder queryLadder, int storeLanes) {}

    private final PaymentStore store;
    private final Channels channels;
    private final EvidenceApplier results;
    private final LateDeliveries deliveries = new LateDeliveries();
    private final OrderPlacement placements;
    private final Callbacks callbacks;
    private final OrphanCallbackRetrier strays;
    private final QuerySender queries;

    public Payments(Ports ports, Settings settings, PaymentsListener listener) {
        this(
                ports,
                settings.queryLadder(),
                listener,
                PaymentWriter.together(ports.store(), ports.executor(), settings.storeLanes(), defects(listener)));
    }

    Payments(Ports ports, Ladder queryLadder, PaymentsListener listener, PaymentWriter commits) {
        Consumer<RuntimeException> defects = defects(listener);
        QuerySchedule schedule = new QuerySchedule(queryLadder);
        this.store = ports.store();
        this.channels = new Channels(ports.channels(), listener);
        this.results = new EvidenceApplier(store, commits, deliveries, ports.clock(), ports.ids(), listener);
        this.placements =
                new OrderPlacement(ports, commits, channels, results, deliveries, schedule, listener, defects);
        this.strays = new OrphanCallbackRetrier(ports, channels, results, deliveries, defects);
        this.callbacks = new Callbacks(ports, results, strays, listener);
        this.queries = new QuerySender(
                new CompensatingQuery.Ports(store, channels, results, schedule, ports.clock(), ports.ids()),
                ports.timer(),
                ports.executor(),
                defects);
    }

    private static Consumer<RuntimeException> defects(PaymentsListener listener) {
        return e -> listener.on(new PaymentsEvent.Defect(e));
    }

    /** The sender that the engine is to use: notifications go to merchants as before, compensating queries to their channels. */
    public Sender sender(Sender toMerchants) {
        return new RoutingSender(toMerchants, queries);
    }

    /** The merchants that the engine is to use: channels stand among them, so that each has its bulkhead. */
    public static MerchantStore merchants(MerchantStore merchants) {
        return new ChannelMerchants(merchants);
    }

    /** Begins. Nothing is asked of it before, and the engine is started after. */
    public void start(Engine engine) {
        start(Deliveries.of(engine));
    }

    void start(Deliveries engine) {
        deliveries.become(engine);
        strays.start();
    }

    /** Does nothing more of its own accord; what is asked of it is still done. */
    public void stop() {
        strays.stop();
    }

    /** The names of this server's channels. */
    public Set<String> channels() {
        return channels.names();
    }

    /** What is wrong with these options for this channel, going on from the field's name; null if they are good. */
    public @Nullable String checkOptions(String channel, @Nullable String channelOptions) {
        return channels.get(channel).plain().checkOptions(channelOptions);
    }

    /**
     * What a merchant asks for.
     *
     * @param order at one of {@link #channels()}, with options that are good
     * @param digest SHA-256 of what was asked for: tells a repetition from another request under the same number
     */
    @SuppressWarnings("ArrayRecordComponent") // goes from request to store, compared there
    public record Request(Payment.Order order, Duration expiresIn, byte[] digest) {}

    /** What became of a request. */
    public sealed interface Placing {
        /** It is taken down: payable, or still {@code created} when the channel has not said so in time; the rest goes on by itself. */
        record Accepted(Payment payment) implements Placing {}

        /** The merchant asked for the same before. */
        record Repeated(Payment first) implements Placing {}

        /** The merchant used this number for something else; nothing is taken down. */
        record Conflicting(Payment first) implements Placing {}
    }

    /**
     * Takes a payment down and places it at the channel. Returns after the commit.
     *
     * @return completes, never exceptionally, when the channel has answered, and no later than 900 ms from now
     * @throws StoreException if the store could not; whether it is taken down may be unknown, and asking again is harmless
     */
    public CompletionStage<Placing> place(Request request) {
        return placements.place(request);
    }

    /**
     * Asks the channel now. Blocks for the channel.
     *
     * @return the payment after that, as it was if the channel could not tell; empty if there is no such payment
     * @throws StoreException if the store could not
     */
    public Optional<Payment> sync(PaymentId id) {
        return store.find(id).map(payment -> {
            GuardedChannel channel = channels.find(payment.order().channel());
            return channel == null ? payment : ask(channel, payment);
        });
    }

    /** What became of the wish to close a payment. */
    public sealed interface Closing {
        /** It is closed, now or before. */
        record Closed(Payment payment) implements Closing {}

        /** The channel has not closed it yet; Rung goes on closing it. */
        record Wanted(Payment payment) implements Closing {}

        /** It has succeeded or failed, as was known or as the channel said when asked. */
        record Over(Payment payment) implements Closing {}

        /** There is no such payment. */
        record Unknown() implements Closing {}
    }

    /**
     * Closes a payment: asks the channel once more, has it closed there, then here. Blocks for the channel.
     *
     * @throws StoreException if the store could not
     */
    public Closing close(PaymentId id) {
        Payment payment = store.find(id).orElse(null);
        if (payment == null) {
            return new Closing.Unknown();
        }
        GuardedChannel channel = channels.find(payment.order().channel());
        Payment asked = payment.state().isFinal() || channel == null ? payment : ask(channel, payment);
        Payment closed = asked.state().isFinal() || channel == null ? asked : close(channel, asked);
        if (!closed.state().isFinal()) {
            closed = results.apply(closed, PaymentUpdate.toBeClosed());
            deliveries.makeDueNow(closed.queryId());
        }
        return switch (closed.state()) {
            case CREATED, PAYING -> new Closing.Wanted(closed);
            case CLOSED -> new Closing.Closed(closed);
            case SUCCEEDED, FAILED -> new Closing.Over(closed);
        };
    }

    private Payment ask(GuardedChannel channel, Payment payment) {
        return channel.forCaller(() -> channel.query(payment))
                .map(exchange -> results.apply(payment, PaymentUpdate.asked(exchange, ChangeSource.QUERY)))
                .orElse(payment);
    }

    private Payment close(GuardedChannel channel, Payment payment) {
        return channel.forCaller(() -> channel.close(payment))
                .map(exchange -> results.apply(payment, PaymentUpdate.asked(exchange, ChangeSource.CLOSE)))
                .orElse(payment);
    }

    /**
     * Takes in what a channel says of its own accord. Returns after what follows is committed.
     *
     * @return what the channel wants to hear; empty if there is no such channel
     * @throws StoreException if the store could not: the channel must not be told that all is well
     */
    public Optional<Acknowledgement> callback(String channel, CallbackRequest request) {
        return Optional.ofNullable(channels.find(channel)).map(found -> callbacks.receive(found.plain(), request));
    }
}
