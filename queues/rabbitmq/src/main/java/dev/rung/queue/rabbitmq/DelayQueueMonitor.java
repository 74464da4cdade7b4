package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends marks through the delay queues and finds those that no longer release what has expired. {@link DelayQueueProgress} keeps the findings.
 * Thread-safe.
 */
final class DelayQueueMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(DelayQueueMonitor.class);
    /** Time for another server to pass on one of this server's marks. */
    private static final Duration FORWARDING_TIME = Duration.ofMillis(500);

    private final InstantSource clock;
    private final DelayQueueProgress progress;
    private final WakeRoutes routes;
    private final Publisher publisher;
    private final ProbeTracker probes;
    private final ScheduledExecutorService timer;
    private final IntFunction<String> names;
    private final AtomicBoolean judging = new AtomicBoolean();

    /**
     * @param names the name of the queue of a delay, in milliseconds
     */
    DelayQueueMonitor(
            InstantSource clock,
            DelayQueueProgress progress,
            WakeRoutes routes,
            Publisher publisher,
            ProbeTracker probes,
            ScheduledExecutorService timer,
            IntFunction<String> names) {
        this.clock = clock;
        this.progress = progress;
        this.routes = routes;
        this.publisher = publisher;
        this.probes = probes;
        this.timer = timer;
        this.names = names;
    }

    /** Sends a mark into each delay queue that is due for one. */
    void sendMarks() {
        if (publisher.isReady()) {
            String replyQueue = probes.replyQueue();
            publisher.publish(progress.toMark(clock.millis()).stream()
                    .map(delay -> new MarkPublication(delay, replyQueue))
                    .toList());
        }
    }

    /**
     * Judges the delay queues whose marks are late. A late mark may also wait in the queue of due wakes; once a probe sent now has returned from
     * there, the mark must still be in its delay queue.
     */
    void judgeLateQueues() {
        List<Integer> late = progress.doubtful(clock.millis());
        if (late.isEmpty() || judging.getAndSet(true)) {
            return;
        }
        var _ = probes.ask().whenComplete((returned, failure) -> {
            if (returned == null || !returned) {
                judging.set(false);
                return;
            }
            var _ = timer.schedule(() -> judge(late), FORWARDING_TIME.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private void judge(List<Integer> late) {
        judging.set(false);
        for (int delay : late) {
            if (progress.judge(delay, clock.millis())) {
                LOG.warn(
                        "RabbitMQ's queue {} does not release expired messages: new wakes avoid it, and overdue ones in it are"
                                + " re-armed",
                        names.apply(delay));
            }
        }
    }

    private final class MarkPublication implements Publication {
        private final int delay;
        private final @Nullable String replyTo;
        private volatile long sentAt;

        MarkPublication(int delay, @Nullable String replyTo) {
            this.delay = delay;
            this.replyTo = replyTo;
        }

        @Override
        public OutgoingMessage message() {
            sentAt = clock.millis();
            return routes.mark(delay, sentAt, replyTo);
        }

        @Override
        public void confirmed() {
            progress.marked(delay, sentAt);
        }

        @Override
        public void unconfirmed(FailureKind failure) {
            if (publisher.isReady() && !publisher.isSilent() && progress.refused(delay)) {
                LOG.warn("RabbitMQ's queue {} does not accept messages: new wakes avoid it", names.apply(delay));
            }
        }
    }
}
