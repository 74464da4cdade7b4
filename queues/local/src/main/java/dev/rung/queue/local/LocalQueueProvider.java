package dev.rung.queue.local;

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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The in-process queues, used without {@code --rabbitmq-uri}: wakes only, no submissions and no other servers. */
public final class LocalQueueProvider implements QueueProvider {
    /** Wakes delivered per attempt in flight: enough to keep every slot busy while some wakes wait for their merchant's slot. */
    private static final int PREFETCH_PER_ATTEMPT = 4;

    @Override
    public List<String> uriPrefixes() {
        return List.of();
    }

    @Override
    public void checkUri(String uri) {
        throw new IllegalArgumentException("is not used: the queue is in-process");
    }

    @Override
    public Queues open(Config config, NotificationStore store, MetaStore meta, InstantSource clock) {
        boolean unclean = CleanShutdownMarker.begin(meta);
        return new LocalQueues(
                new LocalWakeQueue(store::queued, clock, PREFETCH_PER_ATTEMPT * config.maxInFlight(), unclean), meta);
    }

    @Override
    public List<CheckResult> check(Config config) {
        return List.of();
    }

    private record LocalQueues(LocalWakeQueue queue, MetaStore meta) implements Queues {
        @Override
        public WakeQueue wakes() {
            return queue;
        }

        @Override
        public Optional<SubmissionSource> submissions(SubmissionSource.Handler handler) {
            return Optional.empty();
        }

        @Override
        public RejectedSubmissions rejectedSubmissions() {
            return RejectedSubmissions.NONE;
        }

        @Override
        public Optional<ClusterEvents> events(Consumer<byte[]> listener) {
            return Optional.empty();
        }

        /** Nothing to declare: the in-process queue delivers every delay exactly. */
        @Override
        public void addDelays(Collection<Duration> steps) {}

        @Override
        public List<String> problems() {
            return List.of();
        }

        /** The shutdown is clean unless wakes remain that the previous process may have attempted. */
        @Override
        public void drained() {
            if (!queue.mayHoldDoubt()) {
                CleanShutdownMarker.end(meta);
            }
        }
    }
}
