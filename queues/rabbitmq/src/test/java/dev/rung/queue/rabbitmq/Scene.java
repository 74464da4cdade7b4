package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.TestTimeouts;
import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.MachineLag;
import dev.rung.core.port.RecordingListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Condition;

/** A queue of wakes on a broker, who listens to it, and what tests do with both. */
final class Scene implements AutoCloseable {
    static final Duration PATIENCE = TestTimeouts.AT_MOST;
    private static final AtomicLong IDS = new AtomicLong(1_000);

    final RecordingListener listener = new RecordingListener(System::currentTimeMillis);
    final RabbitWakeQueue queue;
    private final MachineLag stalls = MachineLag.watch();
    private final MemoryMetaStore meta;

    Scene(RabbitSettings settings, MemoryMetaStore meta, String... steps) {
        this.meta = meta;
        List<Duration> durations = dev.rung.core.model.Ladder.of(steps).steps();
        queue = RabbitWakeQueue.open(settings, DelayQueues.ofSteps(durations), meta, InstantSource.system());
        queue.start(listener);
    }

    /** The defaults, but for a broker whose disk may be slow. */
    static RabbitSettings settings(String uri) {
        return RabbitSettings.of(uri).withConfirmTimeout(PATIENCE);
    }

    /** Connected, remembered by the broker, with these steps' delays. */
    static Scene connected(String uri, String... steps) {
        Scene scene = new Scene(settings(uri), new MemoryMetaStore(), steps);
        scene.awaitConnected();
        return scene;
    }

    void awaitConnected() {
        await().atMost(PATIENCE).until(queue::isConnected);
        await().atMost(PATIENCE).until(() -> queue.problem().isEmpty());
        await().atMost(PATIENCE).until(() -> meta.get(BrokerIdentity.KEY).isPresent());
    }

    static Wake wakeIn(long millis) {
        return new Wake(new NotificationId(IDS.incrementAndGet()), 7, System.currentTimeMillis() + millis);
    }

    static List<Wake> wakesIn(long millis, int count) {
        return IntStream.range(0, count).mapToObj(i -> wakeIn(millis)).toList();
    }

    /** Schedules and answers what was not confirmed. */
    List<Wake> schedule(List<Wake> wakes) {
        try {
            return queue.schedule(wakes).toCompletableFuture().get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void scheduled(List<Wake> wakes) {
        assertThat(schedule(wakes)).isEmpty();
    }

    boolean probe() {
        return queue.probe().toCompletableFuture().join();
    }

    Set<Wake> delivered() {
        return Set.copyOf(listener.wakes());
    }

    void awaitDelivered(List<Wake> wakes) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(missing(wakes)).isEmpty());
    }

    private List<Wake> missing(List<Wake> wakes) {
        List<Wake> missing = new ArrayList<>(wakes);
        missing.removeAll(delivered());
        return missing;
    }

    /** Milliseconds after it was due. */
    List<Long> lateness() {
        return listener.arrivals().stream()
                .map(arrival -> arrival.at() - arrival.message().wake().dueAt())
                .collect(Collectors.toList());
    }

    Condition<Long> onTime() {
        long atMost = stalls.forgive(Duration.ofMillis(500)).toMillis();
        return new Condition<>(late -> late >= -1 && late <= atMost, "between 1 ms early and " + atMost + " ms late");
    }

    @Override
    public void close() {
        queue.close();
        stalls.close();
    }
}
