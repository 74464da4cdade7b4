package dev.rung.queue.rabbitmq;

import dev.rung.core.port.CheckResult;
import dev.rung.core.port.ClusterEvents;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.QueueProvider;
import dev.rung.core.port.Queues;
import dev.rung.core.port.RejectedSubmissions;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The queues for {@code --rabbitmq-uri amqp://…}. */
public final class RabbitQueueProvider implements QueueProvider {
    /** One attempt in flight and one ready per slot; more would be withheld from idle servers. */
    private static final int PREFETCH_PER_ATTEMPT = 2;

    private static final int PREFETCH_MAX = 65_535;

    @Override
    public List<String> uriPrefixes() {
        return List.of("amqp://", "amqps://");
    }

    @Override
    public void checkUri(String uri) {
        try {
            RabbitSettings.of(uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Queues open(Config config, NotificationStore store, MetaStore meta, InstantSource clock) {
        RabbitSettings settings = settings(config);
        return new RabbitQueues(settings, RabbitWakeQueue.open(settings, meta, clock));
    }

    @Override
    public List<CheckResult> check(Config config) {
        return new RabbitCheck(settings(config)).run();
    }

    private static RabbitSettings settings(Config config) {
        return RabbitSettings.of(Objects.requireNonNull(config.uri(), "this queue is found by its URI"))
                .withDeadLetterStrategy(config.deadLetterStrategy())
                .withPrefetch(Math.min(PREFETCH_MAX, PREFETCH_PER_ATTEMPT * config.maxInFlight()));
    }

    private record RabbitQueues(RabbitSettings settings, RabbitWakeQueue queue) implements Queues {
        @Override
        public WakeQueue wakes() {
            return queue;
        }

        @Override
        public Optional<SubmissionSource> submissions(SubmissionSource.Handler handler) {
            return Optional.of(RabbitIntake.open(settings, handler));
        }

        @Override
        public RejectedSubmissions rejectedSubmissions() {
            return new RejectedQueue(settings);
        }

        @Override
        public Optional<ClusterEvents> events(Consumer<byte[]> listener) {
            return Optional.of(RabbitStream.open(settings, listener));
        }

        @Override
        public void addDelays(Collection<Duration> steps) {
            queue.addDelays(steps);
        }

        @Override
        public List<String> problems() {
            List<String> problems = new ArrayList<>();
            if (queue.isBlocked()) {
                problems.add("the broker accepts no messages because of a memory or disk alarm");
            } else if (!queue.isConnected()) {
                problems.add("the broker is unreachable or confirms nothing");
            } else if (queue.problem().isPresent()) {
                problems.add("the broker does not deliver wakes correctly; see the log");
            }
            for (String stalled : queue.stalledQueues()) {
                problems.add(
                        "the broker's queue " + stalled + " does not release expired messages; new wakes avoid it");
            }
            return problems;
        }

        /** Nothing to record: the broker flags redeliveries itself. */
        @Override
        public void drained() {}
    }
}
