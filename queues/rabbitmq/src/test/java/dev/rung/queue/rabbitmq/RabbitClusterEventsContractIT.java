package dev.rung.queue.rabbitmq;

import dev.rung.core.port.ClusterEvents;
import dev.rung.core.port.ClusterEventsContract;
import dev.rung.testing.RabbitServer;
import java.util.function.Consumer;

class RabbitClusterEventsContractIT extends ClusterEventsContract {
    private final String uri = RabbitServer.shared().freshUri();

    @Override
    protected ClusterEvents open(Consumer<byte[]> listener) {
        return RabbitStream.open(RabbitSettings.of(uri), listener);
    }
}
