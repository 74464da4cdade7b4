package dev.rung.torture;

import dev.rung.bench.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Rung server as a process, with its own proxy to each broker node. Used by one thread at a time; {@link #address} by any. */
final class RungServer implements AutoCloseable {
    static final String KEY = "torture-operator-key-0123456789-0123";
    private static final String MASTER_KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    private static final String READY = "Rung is ready at ";
    private static final Duration START = Duration.ofMinutes(2);

    private final String name;
    private final Path log;
    private final List<TcpProxy> toBrokers;
    private final List<String> command;
    private final Map<String, String> environment;
    private final int port;
    private @Nullable LocalProcess process;

    RungServer(
            String name,
            Path directory,
            DatabasePair database,
            BrokerCluster brokers,
            List<String> jvmOptions,
            List<String> flags) {
        this.name = name;
        log = directory.resolve(name + ".log");
        port = LocalProcess.freePorts(1).getFirst();
        toBrokers =
                brokers.nodes().stream().map(node -> TcpProxy.to(node.port())).toList();
        command = new ArrayList<>(ServerProcess.rung(jvmOptions));
        command.addAll(List.of(
                "serve",
                "--port",
                Integer.toString(port),
                "--data-dir",
                directory.resolve(name).toString(),
                "--allow-targets",
                "127.0.0.0/8"));
        command.addAll(flags);
        environment = new HashMap<>();
        environment.put("RUNG_DATABASE_URL", database.url());
        environment.put("RUNG_DATABASE_USER", DatabasePair.USER);
        environment.put("RUNG_DATABASE_PASSWORD", "unused");
        environment.put("RUNG_MASTER_KEY", MASTER_KEY);
        environment.put("RUNG_API_KEY", KEY);
        environment.put(
                "RUNG_RABBITMQ_URI",
                "amqp://guest:guest@"
                        + toBrokers.stream()
                                .map(proxy -> "127.0.0.1:" + proxy.port())
                                .collect(Collectors.joining(",")));
    }

    /** Starts it; returns after its ready line. */
    void start() {
        long before = size();
        LocalProcess started = LocalProcess.start(command, environment, log);
        process = started;
        LocalProcess.await(name + " becomes ready", START, () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException(name + " ended:\n" + tail(before));
            }
            return tail(before).contains(READY);
        });
    }

    private long size() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail(long from) {
        try {
            String all = Files.exists(log) ? Files.readString(log) : "";
            return all.substring((int) Math.min(from, all.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Its connections to all broker nodes. */
    List<TcpProxy> toBrokers() {
        return toBrokers;
    }

    void kill9() {
        Objects.requireNonNull(process, "started").kill9();
    }

    void freeze() {
        Objects.requireNonNull(process, "started").freeze();
    }

    void resume() {
        Objects.requireNonNull(process, "started").resume();
    }

    @Override
    public String toString() {
        return "server " + name;
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill9();
        }
        toBrokers.forEach(TcpProxy::close);
    }
}
