package dev.rung.queue.rabbitmq;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueueContract;
import dev.rung.testing.RabbitServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

class RabbitWakeQueueContractIT extends WakeQueueContract {
    private static String uri;

    @BeforeAll
    static void takeAVirtualHost() {
        uri = RabbitServer.shared().freshUri();
    }

    @Override
    protected WakeQueue open() {
        DelayQueues few = DelayQueues.ofSteps(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        empty();
        return RabbitWakeQueue.open(
                Scene.settings(uri).withPrefetch(PREFETCH), few, new MemoryMetaStore(), InstantSource.system());
    }

    /** Takes away what the test before left behind. */
    private static void empty() {
        RabbitServer.ask(uri, channel -> {
            channel.queueDelete(RabbitTopology.READY);
            return null;
        });
    }

    @Override
    protected long now() {
        return System.currentTimeMillis();
    }

    @Override
    protected Duration lateness() {
        return Duration.ofMillis(500);
    }
}
