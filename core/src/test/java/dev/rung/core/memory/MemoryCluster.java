package dev.rung.core.memory;

import dev.rung.core.port.ClusterEvents;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** Servers within one process that broadcast events to each other, on the publisher's thread. Thread-safe. */
public final class MemoryCluster {
    private final Set<Server> servers = new CopyOnWriteArraySet<>();

    /** One more server, not started. */
    public ClusterEvents join(Consumer<byte[]> listener) {
        return new Server(listener);
    }

    private final class Server implements ClusterEvents {
        private final Consumer<byte[]> listener;

        Server(Consumer<byte[]> listener) {
            this.listener = listener;
        }

        @Override
        public void start() {
            servers.add(this);
        }

        @Override
        public boolean isConnected() {
            return servers.contains(this);
        }

        @Override
        public boolean publish(byte[] event) {
            if (!isConnected()) {
                return false;
            }
            servers.stream().filter(server -> server != this).forEach(server -> server.listener.accept(event));
            return true;
        }

        @Override
        public void close() {
            servers.remove(this);
        }
    }
}
