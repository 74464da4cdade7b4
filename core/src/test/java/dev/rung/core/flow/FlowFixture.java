package dev.rung.core.flow;

import dev.rung.core.memory.MemoryClusterStore;
import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An engine on in-memory stores. The test controls time, queue and merchants' answers; everything runs on its thread. */
final class FlowFixture {
    static final MerchantId ACTIVE = new MerchantId(5_000);
    static final MerchantId PAUSED = new MerchantId(5_001);

    final ManualWakeQueue queue = new ManualWakeQueue();
    final List<Sender.Request> sent = new ArrayList<>();
    final List<FlowEvent> events = new ArrayList<>();
    final MemoryMerchantStore merchants = new MemoryMerchantStore();
    final MemoryClusterStore cluster = new MemoryClusterStore();
    /** How merchants answer, without delay. */
    Outcome outcome = Outcome.ACKNOWLEDGED;

    private final ManualRuntime time = new ManualRuntime();
    final MemoryNotificationStore store = new MemoryNotificationStore(time.clock);
    final Engine engine;

    FlowFixture() {
        this(EngineLimits.DEFAULT);
    }

    FlowFixture(EngineLimits limits) {
        merchants.insert(merchant(ACTIVE, false));
        merchants.insert(merchant(PAUSED, true));
        MerchantCache cache = new MerchantCache(merchants);
        cache.start();
        engine = new Engine(
                store, cache, cluster, queue, time.runtime, new Ids(time.clock, new Random(1), 0), limits, events::add);
    }

    void start() {
        engine.start(new Merchants());
    }

    private final class Merchants implements Sender {
        @Override
        public CompletionStage<Result> send(Request request) {
            sent.add(request);
            return CompletableFuture.completedStage(new Result(outcome, null, null, null));
        }

        @Override
        public void close() {}
    }

    /** How often a number was raised because a wake seemed lost. */
    long rearms() {
        return events.stream()
                .mapToLong(
                        event -> event instanceof FlowEvent.Rearmed(int count, FlowEvent.Rearmed.Cause _) ? count : 0)
                .sum();
    }

    /** The number under which the last attempt was made. */
    int attemptedNumber() {
        return events.stream()
                .filter(FlowEvent.Attempted.class::isInstance)
                .map(FlowEvent.Attempted.class::cast)
                .toList()
                .getLast()
                .delivery()
                .wakeNumber();
    }

    Delivery delivery(Wake wake) {
        return java.util.Objects.requireNonNull(
                store.findDeliveries(List.of(wake.id())).getFirst());
    }

    long now() {
        return time.now();
    }

    /** Advances the clock and runs everything that becomes due. */
    void pass(Duration duration) {
        time.pass(duration);
    }

    void accept(MerchantId merchant, @Nullable Long deliverAt, boolean ordered) {
        engine.accept(request(merchant, "{}", deliverAt, ordered));
    }

    /** A request that is due at once. */
    NotificationRequest request(MerchantId merchant, String payload) {
        return request(merchant, payload, null, false);
    }

    private NotificationRequest request(
            MerchantId merchant, String payload, @Nullable Long deliverAt, boolean ordered) {
        return new NotificationRequest(
                merchant,
                "https://shop.example/",
                "A1",
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                Ladder.of("3s"),
                null,
                true,
                time.now(),
                deliverAt,
                ordered,
                null);
    }

    static Merchant merchant(MerchantId id, boolean paused) {
        return new Merchant(
                id,
                "shop",
                Receiver.of("https://shop.example/notify", Receiver.Keys.of(Signing.HMAC, new byte[0], null))
                        .withPaused(paused),
                0,
                0);
    }
}
