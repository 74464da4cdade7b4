package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Draft;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sender;
import dev.rung.core.port.WakeQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was stored a moment ago is attempted at once where it can be, and otherwise its wake is sent to the queue. */
class FreshTest {
    private static final long NOW = 1_000_000;
    private static final MerchantId ACTIVE = new MerchantId(5_000);
    private static final MerchantId PAUSED = new MerchantId(5_001);

    private final List<Wake> scheduled = new ArrayList<>();
    private final List<Sender.Request> sent = new ArrayList<>();
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW));
    private final Engine engine = engine();

    @Test
    void itIsAttemptedWithoutAWake() {
        engine.accept(draft(ACTIVE, null, false));
        assertThat(sent).hasSize(1);
        assertThat(new String(sent.getFirst().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{}");
        assertThat(scheduled).isEmpty();
    }

    @Test
    void aPausedMerchantsIsLeftToTheQueue() {
        engine.accept(draft(PAUSED, null, false));
        assertThat(sent).isEmpty();
        assertThat(scheduled).hasSize(1);
    }

    @Test
    void anOrderedOneIsLookedUpFirst() {
        engine.accept(draft(ACTIVE, null, true));
        assertThat(sent).isEmpty();
        assertThat(scheduled).hasSize(1);
    }

    @Test
    void oneDueLaterWaitsInTheQueue() {
        engine.accept(draft(ACTIVE, NOW + 1_000, false));
        assertThat(sent).isEmpty();
        assertThat(scheduled).extracting(Wake::dueAt).containsExactly(NOW + 1_000);
    }

    @Test
    void nothingIsAttemptedWhileTheServerDrains() {
        engine.drain(Duration.ofSeconds(1));
        engine.accept(draft(ACTIVE, null, false));
        assertThat(sent).isEmpty();
        assertThat(scheduled).hasSize(1);
    }

    private Engine engine() {
        MemoryMerchantStore merchants = new MemoryMerchantStore();
        merchants.insert(merchant(ACTIVE, false));
        merchants.insert(merchant(PAUSED, true));
        Sender sender = new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                sent.add(request);
                return CompletableFuture.completedStage(new Result(Outcome.ACKNOWLEDGED, null, null, null));
            }

            @Override
            public void close() {}
        };
        return new Engine(
                new Engine.Ports(
                        new MemoryNotificationStore(clock),
                        merchants,
                        new Recorded(scheduled),
                        sender,
                        (delay, task) -> () -> {},
                        clock,
                        Runnable::run,
                        new Ids(clock, new Random(1), 0)),
                Limits.DEFAULT,
                event -> {});
    }

    private static Draft draft(MerchantId merchant, @Nullable Long deliverAt, boolean ordered) {
        return new Draft(
                merchant,
                "https://shop.example/",
                "A1",
                null,
                new byte[] {'{', '}'},
                Ladder.of("3s"),
                null,
                NOW,
                deliverAt,
                ordered,
                null);
    }

    private static Merchant merchant(MerchantId id, boolean paused) {
        return new Merchant(
                id,
                "shop",
                null,
                new LadderChoice.Named(Ladder.DEFAULT_NAME),
                Acknowledgement.STATUS_2XX,
                new Merchant.Keys(Signing.HMAC, new byte[0], null, null, null),
                Merchant.MAX_IN_FLIGHT_DEFAULT,
                paused,
                0,
                0);
    }

    /** Keeps what is scheduled and delivers nothing. */
    private record Recorded(List<Wake> scheduled) implements WakeQueue {
        @Override
        public void start(Listener listener) {}

        @Override
        public CompletionStage<List<Wake>> schedule(List<Wake> wakes) {
            scheduled.addAll(wakes);
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public Duration horizon() {
            return Duration.ofMinutes(15);
        }

        @Override
        public CompletionStage<Boolean> probe() {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public boolean mayStillHold(long dueAt) {
            return false;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public Map<String, Long> depths() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
