package dev.rung.server.wiring;

import dev.rung.adapter.local.LocalWakeQueue;
import dev.rung.adapter.rabbitmq.DeadLetterStrategy;
import dev.rung.adapter.rabbitmq.RabbitSettings;
import dev.rung.adapter.rabbitmq.RabbitWakeQueue;
import dev.rung.core.port.WakeQueue;
import dev.rung.server.settings.Secret;
import dev.rung.server.settings.Settings;
import java.time.InstantSource;

/** Chooses what carries wakes. */
final class Queues {
    /** Deliveries the in-process queue may have out at once: enough to keep every slot busy while others wait for theirs. */
    private static final int PREFETCH_PER_SLOT = 4;

    /** The protocol counts them in 16 bits. */
    private static final int PREFETCH_MAX = 65_535;

    private Queues() {}

    static WakeQueue open(Settings settings, Stores stores, InstantSource clock) {
        Secret uri = settings.queue().rabbitmqUri();
        return uri == null
                ? inProcess(settings, stores, clock)
                : RabbitWakeQueue.open(rabbitSettings(settings, uri), stores.meta(), clock);
    }

    private static RabbitSettings rabbitSettings(Settings settings, Secret uri) {
        return RabbitSettings.of(uri.reveal())
                .withPrefetch(Math.min(
                        PREFETCH_MAX, PREFETCH_PER_SLOT * settings.egress().maxInFlight()))
                .withDeadLetterStrategy(
                        switch (settings.queue().deadLetterStrategy()) {
                            case AT_LEAST_ONCE -> DeadLetterStrategy.AT_LEAST_ONCE;
                            case AT_MOST_ONCE -> DeadLetterStrategy.AT_MOST_ONCE;
                        });
    }

    private static WakeQueue inProcess(Settings settings, Stores stores, InstantSource clock) {
        return new LocalWakeQueue(
                stores.notifications()::queued,
                clock,
                PREFETCH_PER_SLOT * settings.egress().maxInFlight(),
                CleanEnd.begin(stores.meta()));
    }
}
