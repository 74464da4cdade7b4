package dev.rung.server.wiring;

import dev.rung.core.model.Ladder;
import dev.rung.core.port.WakeQueue;
import dev.rung.queue.local.LocalWakeQueue;
import dev.rung.queue.rabbitmq.DeadLetterStrategy;
import dev.rung.queue.rabbitmq.RabbitSettings;
import dev.rung.queue.rabbitmq.RabbitWakeQueue;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses what carries wakes, and knows what only one kind of queue can tell. */
final class QueueFactory {
    /** Deliveries the in-process queue may have out at once: enough to keep every slot busy while others wait for theirs. */
    private static final int PREFETCH_PER_SLOT = 4;
    /** The broker's are dearer to hold; the next ones need only be at hand. */
    private static final int BROKER_PREFETCH_PER_SLOT = 2;

    private static final int BROKER_PREFETCH_MAX = 65_535;

    private QueueFactory() {}

    static WakeQueue open(Settings settings, StoreFactory stores, InstantSource clock) {
        RabbitSettings rabbit = rabbit(settings);
        return rabbit == null
                ? new LocalWakeQueue(
                        stores.notifications()::queued,
                        clock,
                        PREFETCH_PER_SLOT * settings.egress().maxInFlight(),
                        CleanShutdownMarker.begin(stores.meta()))
                : RabbitWakeQueue.open(rabbit, stores.meta(), clock);
    }

    /** How to reach the broker; null: there is none. */
    static @Nullable RabbitSettings rabbit(Settings settings) {
        Secret uri = settings.queue().rabbitmqUri();
        if (uri == null) {
            return null;
        }
        DeadLetterStrategy strategy = switch (settings.queue().deadLetterStrategy()) {
            case AT_LEAST_ONCE -> DeadLetterStrategy.AT_LEAST_ONCE;
            case AT_MOST_ONCE -> DeadLetterStrategy.AT_MOST_ONCE;
        };
        int prefetch = BROKER_PREFETCH_PER_SLOT * settings.egress().maxInFlight();
        try {
            return RabbitSettings.of(uri.reveal())
                    .withDeadLetterStrategy(strategy)
                    .withPrefetch(Math.min(BROKER_PREFETCH_MAX, prefetch));
        } catch (IllegalArgumentException e) {
            throw new StartupException("--rabbitmq-uri: " + e.getMessage(), e);
        }
    }

    /** Ladders saved by name have queues of delays of their own. */
    static void addLadders(WakeQueue queue, Collection<Ladder> ladders) {
        if (queue instanceof RabbitWakeQueue rabbit) {
            List<Duration> steps =
                    ladders.stream().flatMap(l -> l.steps().stream()).distinct().toList();
            rabbit.addDelays(steps);
        }
    }

    /** Whether this process, however orderly it ends, leaves behind what may repeat an attempt of the one before. */
    static boolean mayHoldDoubt(WakeQueue queue) {
        return queue instanceof LocalWakeQueue local && local.mayHoldDoubt();
    }

    /** Why wakes do not flow, naming no hosts. */
    static Optional<String> problem(WakeQueue queue) {
        if (!queue.isConnected()) {
            return Optional.of("the broker is away");
        }
        return queue instanceof RabbitWakeQueue rabbit
                ? rabbit.problem().map(shown -> "the broker does not carry wakes as it should; the log says why")
                : Optional.empty();
    }
}
