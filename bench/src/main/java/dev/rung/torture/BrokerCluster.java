package dev.rung.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three RabbitMQ nodes of one private cluster: own ports, cookie, port mapper and disks. One thread at a time. */
final class BrokerCluster implements AutoCloseable {
    static final int NODES = 3;
    private static final Duration START = Duration.ofMinutes(2);

    private final Path directory;
    private final Path bin;
    private final int mapperPort;
    private final List<Integer> ports;
    private final LocalProcess mapper;
    private final List<Node> nodes;

    private BrokerCluster(Path directory) throws IOException {
        this.directory = directory;
        // Debian's wrapper in /usr/sbin requires the user rabbitmq; the program in /usr/lib does not.
        bin = LocalProcess.find("rabbitmq-server", List.of(Path.of("/usr/lib/rabbitmq/bin")));
        List<Integer> free = LocalProcess.freePorts(2 * NODES + 1);
        mapperPort = free.getFirst();
        ports = free.subList(1, free.size());
        Files.createDirectories(directory);
        Path cookie = Files.writeString(
                directory.resolve(".erlang.cookie"),
                "rung" + ProcessHandle.current().pid());
        Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        mapper = LocalProcess.start(
                List.of(
                        LocalProcess.find("epmd", List.of()).resolve("epmd").toString(),
                        "-port",
                        Integer.toString(mapperPort)),
                Map.of("ERL_EPMD_ADDRESS", "127.0.0.1"),
                directory.resolve("epmd.log"));
        nodes = IntStream.rangeClosed(1, NODES).mapToObj(Node::new).toList();
    }

    /** Starts the nodes and joins them. */
    static BrokerCluster start(Path directory) {
        try {
            BrokerCluster cluster = new BrokerCluster(directory);
            Node seed = cluster.nodes.getFirst();
            seed.start();
            seed.awaitAnswer();
            for (Node node : cluster.nodes.subList(1, NODES)) {
                node.start();
            }
            for (Node node : cluster.nodes.subList(1, NODES)) {
                node.awaitAnswer();
            }
            cluster.awaitComplete();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitComplete() {
        for (Node node : nodes) {
            LocalProcess.await("node " + node.number + " joins", START, () -> {
                try {
                    return control(node, "eval", "length(rabbit_nodes:all_running()).")
                            .strip()
                            .equals(Integer.toString(NODES));
                } catch (IllegalStateException e) {
                    return false; // its application is not up yet
                }
            });
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Runs {@code rabbitmqctl} on a node that is up. */
    String control(Node node, String... command) {
        List<String> whole =
                new ArrayList<>(List.of(bin.resolve("rabbitmqctl").toString(), "--node", node.name, "--quiet"));
        whole.addAll(List.of(command));
        return LocalProcess.run(whole, environment(node));
    }

    /** The leader of this queue; empty while there is none. */
    Optional<Node> leader(String queue) {
        return nodes.stream()
                .filter(Node::isUp)
                .findFirst()
                .flatMap(any -> control(any, "list_queues", "name", "leader")
                        .lines()
                        .filter(line -> line.startsWith(queue + "\t"))
                        .map(line -> line.substring(queue.length() + 1))
                        .flatMap(name -> nodes.stream().filter(node -> node.name.equals(name)))
                        .findFirst());
    }

    private Map<String, String> environment(Node node) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", directory.toString());
        environment.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_CONF_ENV_FILE", node.home.resolve("env.conf").toString());
        environment.put(
                "RABBITMQ_CONFIG_FILE", node.home.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE",
                node.home.resolve("advanced.config").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", node.home.resolve("plugins").toString());
        environment.put("RABBITMQ_MNESIA_BASE", node.home.resolve("disk").toString());
        environment.put("RABBITMQ_LOG_BASE", node.home.resolve("logs").toString());
        environment.put("RABBITMQ_NODENAME", node.name);
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(node.distributionPort));
        environment.put("RABBITMQ_CTL_ERL_ARGS", "+S 1:1");
        // Busy-waiting schedulers of three Erlang VMs would take CPU from the servers under test.
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none");
        return environment;
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            node.kill9();
        }
        mapper.kill9();
    }

    /** One node. */
    final class Node {
        final int number;
        private final String name;
        private final int port;
        private final int distributionPort;
        private final Path home;
        private @Nullable LocalProcess process;
        private boolean frozen;

        private Node(int number) {
            this.number = number;
            port = ports.get(2 * number - 2);
            distributionPort = ports.get(2 * number - 1);
            name = "torture" + number + "@localhost";
            home = directory.resolve("node" + number);
            try {
                Files.createDirectories(home);
                Files.writeString(home.resolve("plugins"), "[].\n");
                Files.writeString(home.resolve("env.conf"), "");
                StringBuilder conf = new StringBuilder("""
                        listeners.tcp.1 = 127.0.0.1:%d
                        loopback_users = none
                        disk_free_limit.absolute = 50MB
                        log.file.level = info
                        cluster_partition_handling = ignore
                        cluster_formation.peer_discovery_backend = classic_config
                        cluster_formation.randomized_startup_delay_range.min = 0
                        cluster_formation.randomized_startup_delay_range.max = 1
                        """.formatted(port));
                for (int i = 1; i <= NODES; i++) {
                    conf.append("cluster_formation.classic_config.nodes.%d = torture%d@localhost%n".formatted(i, i));
                }
                Files.writeString(home.resolve("rabbitmq.conf"), conf);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int port() {
            return port;
        }

        boolean isUp() {
            return process != null && process.isAlive() && !frozen;
        }

        void start() {
            process = LocalProcess.start(
                    List.of(bin.resolve("rabbitmq-server").toString()), environment(this), home.resolve("out.log"));
        }

        void awaitAnswer() {
            LocalProcess.await("RabbitMQ node " + number + " answers", START, this::answers);
        }

        private boolean answers() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        void kill9() {
            if (process != null) {
                process.kill9();
            }
            frozen = false;
        }

        void freeze() {
            started().freeze();
            frozen = true;
        }

        void resume() {
            started().resume();
            frozen = false;
        }

        private LocalProcess started() {
            return Objects.requireNonNull(process, "the node is not running");
        }

        @Override
        public String toString() {
            return "node " + number;
        }
    }
}
