package dev.rung.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The way the broker is run. Not thread-safe. */
sealed interface RabbitNode {
    Duration PATIENCE = Duration.ofMinutes(3);

    /** An installed RabbitMQ, or else a container; not yet started. */
    static RabbitNode prepare(int vhosts) {
        return Installed.find()
                .<RabbitNode>map(program -> new Installed(program, vhosts))
                .orElseGet(() -> Container.prepare(vhosts));
    }

    static String vhost(int number) {
        return "v" + number;
    }

    int port();

    void start();

    boolean isRunning();

    /** Does nothing if it is down. */
    void stop();

    void kill9();

    void deleteDisk();

    /** Runs a command of {@code rabbitmqctl} on the running node. */
    void control(String... command);

    void destroy();

    String log();

    /** An installed RabbitMQ: a child process for the node, and one for its private port mapper (epmd). */
    final class Installed implements RabbitNode {
        private final Path program;
        private final Path directory;
        private final int port;
        private final int distributionPort;
        private final int mapperPort;
        private Process mapper;
        private Process beam;

        Installed(Path program, int vhosts) {
            this.program = program;
            List<Integer> ports = freePorts(3);
            port = ports.get(0);
            distributionPort = ports.get(1);
            mapperPort = ports.get(2);
            try {
                directory = Files.createTempDirectory("rung-rabbitmq-");
                Files.writeString(directory.resolve("definitions.json"), definitions(vhosts));
                Files.writeString(directory.resolve("rabbitmq.conf"), """
                        listeners.tcp.1 = 127.0.0.1:%d
                        load_definitions = %s/definitions.json
                        disk_free_limit.absolute = 50MB
                        log.console = true
                        log.console.level = error
                        log.file = false
                        """.formatted(port, directory));
                Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
                Files.writeString(directory.resolve("env.conf"), "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Debian's program in /usr/sbin requires the user rabbitmq; the one in /usr/lib does not. */
        static Optional<Path> find() {
            List<Path> places = new ArrayList<>();
            places.add(Path.of("/usr/lib/rabbitmq/bin"));
            places.addAll(versions(Path.of("/usr/lib/rabbitmq/lib")));
            places.addAll(versions(Path.of("/opt")));
            for (String dir : List.of("/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin")) {
                places.add(Path.of(dir));
            }
            for (String dir : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                places.add(Path.of(dir));
            }
            places.add(Path.of("/usr/sbin"));
            return places.stream()
                    .map(dir -> dir.resolve("rabbitmq-server"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        private static List<Path> versions(Path directory) {
            try (Stream<Path> found = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
                return found.filter(dir -> dir.getFileName().toString().startsWith("rabbitmq"))
                        .sorted(Comparator.reverseOrder())
                        .map(dir -> dir.resolve("sbin"))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void start() {
            // A private port mapper in the foreground, because one started by Erlang would outlive the tests.
            if (mapper == null) {
                mapper = launch(List.of(mapperProgram(), "-port", Integer.toString(mapperPort)), Map.of());
            }
            // With empty standard input the script replaces itself by the Erlang VM, so that the child is the process
            // to kill.
            beam = launch(
                    List.of(program.toString(), "-noinput"),
                    Map.of("RABBITMQ_ALLOW_INPUT", "true", "RABBITMQ_NODENAME", node()));
        }

        @Override
        public void control(String... command) {
            List<String> whole = new ArrayList<>(
                    List.of(program.resolveSibling("rabbitmqctl").toString(), "--node", node()));
            whole.addAll(List.of(command));
            Process process = launch(whole, Map.of());
            if (process.onExit()
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .exitValue()
                    != 0) {
                throw new IllegalStateException(String.join(" ", whole) + " failed:\n" + log());
            }
        }

        private String node() {
            return "rung" + port + "@localhost";
        }

        private static String mapperProgram() {
            List<Path> places = new ArrayList<>();
            for (String dir : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                places.add(Path.of(dir));
            }
            places.addAll(List.of(Path.of("/usr/bin"), Path.of("/opt/homebrew/bin"), Path.of("/usr/local/bin")));
            return places.stream()
                    .map(dir -> dir.resolve("epmd"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("RabbitMQ is here but Erlang's epmd is not"))
                    .toString();
        }

        private Process launch(List<String> command, Map<String, String> more) {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .directory(directory.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
            environment.put("HOME", directory.toString());
            environment.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
            environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
            environment.put(
                    "RABBITMQ_CONF_ENV_FILE", directory.resolve("env.conf").toString());
            environment.put(
                    "RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
            environment.put(
                    "RABBITMQ_ADVANCED_CONFIG_FILE",
                    directory.resolve("advanced.config").toString());
            environment.put(
                    "RABBITMQ_ENABLED_PLUGINS_FILE",
                    directory.resolve("enabled_plugins").toString());
            environment.put("RABBITMQ_MNESIA_BASE", disk().toString());
            environment.put("RABBITMQ_LOG_BASE", directory.resolve("logs").toString());
            environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
            environment.putAll(more);
            try {
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(String.join(" ", command), e);
            }
        }

        private Path disk() {
            return directory.resolve("disk");
        }

        private Path logFile() {
            return directory.resolve("log");
        }

        @Override
        public boolean isRunning() {
            return beam != null && beam.isAlive();
        }

        @Override
        public void stop() {
            if (isRunning()) {
                beam.destroy();
                Processes.awaitEnd(beam.toHandle());
            }
        }

        @Override
        public void kill9() {
            if (beam == null) {
                return;
            }
            Processes.killTree(beam);
        }

        @Override
        public void deleteDisk() {
            if (Files.exists(disk())) {
                Processes.deleteTree(disk());
            }
        }

        @Override
        public void destroy() {
            kill9();
            if (mapper != null) {
                mapper.destroyForcibly();
                Processes.awaitEnd(mapper.toHandle());
            }
            Processes.deleteTree(directory);
        }

        @Override
        public String log() {
            try {
                String log = Files.readString(logFile());
                return log.substring(Math.max(0, log.length() - 4000));
            } catch (IOException e) {
                return "(no log: " + e.getMessage() + ")";
            }
        }
    }

    /** A container, if RabbitMQ is not installed but a container engine runs. Its disk is the container's own layer. */
    final class Container implements RabbitNode {
        private static final String IMAGE = "rabbitmq:4";

        private final int port;
        private final int vhosts;
        private String id;

        private Container(int port, int vhosts) {
            this.port = port;
            this.vhosts = vhosts;
            this.id = create();
        }

        static Container prepare(int vhosts) {
            if (!Processes.succeeds("docker", "info")) {
                throw new IllegalStateException("The tests need RabbitMQ 3.10 or newer: install it (Debian, Ubuntu: "
                        + "apt install rabbitmq-server; macOS: brew install rabbitmq), or start a container engine.");
            }
            return new Container(freePorts(1).getFirst(), vhosts);
        }

        private String create() {
            String said = Processes.run(
                            "docker", "create", "--hostname=rung-test", "--publish=127.0.0.1:" + port + ":5672", IMAGE)
                    .strip();
            String created = said.substring(said.lastIndexOf('\n') + 1);
            try {
                Path directory = Files.createTempDirectory("rung-rabbitmq-");
                Path definitions = Files.writeString(directory.resolve("definitions.json"), definitions(vhosts));
                Path conf = Files.writeString(
                        directory.resolve("90-test.conf"),
                        "loopback_users = none\nload_definitions = /etc/rabbitmq/definitions.json\n");
                Processes.run("docker", "cp", definitions.toString(), created + ":/etc/rabbitmq/definitions.json");
                Processes.run("docker", "cp", conf.toString(), created + ":/etc/rabbitmq/conf.d/90-test.conf");
                Processes.deleteTree(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return created;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void start() {
            Processes.run("docker", "start", id);
        }

        @Override
        public boolean isRunning() {
            return Processes.run("docker", "inspect", "--format={{.State.Running}}", id)
                    .contains("true");
        }

        @Override
        public void stop() {
            if (isRunning()) {
                Processes.run("docker", "stop", id);
            }
        }

        @Override
        public void kill9() {
            if (isRunning()) {
                Processes.run("docker", "kill", "--signal=KILL", id);
            }
        }

        @Override
        public void deleteDisk() {
            destroy();
            id = create();
        }

        @Override
        public void control(String... command) {
            List<String> whole = new ArrayList<>(List.of("docker", "exec", id, "rabbitmqctl"));
            whole.addAll(List.of(command));
            Processes.run(whole);
        }

        @Override
        public void destroy() {
            Processes.run("docker", "rm", "--force", "--volumes", id);
        }

        @Override
        public String log() {
            String log = Processes.run("docker", "logs", id);
            return log.substring(Math.max(0, log.length() - 4000));
        }
    }

    /** Virtual hosts cannot be created over AMQP, so all of them are defined at the start. */
    private static String definitions(int vhosts) {
        List<String> names = IntStream.rangeClosed(0, vhosts)
                .mapToObj(number -> number == 0 ? "/" : vhost(number))
                .toList();
        String hosts = names.stream().map("{\"name\":\"%s\"}"::formatted).collect(Collectors.joining(","));
        String permissions = names.stream()
                .map(
                        "{\"user\":\"guest\",\"vhost\":\"%s\",\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}"
                                ::formatted)
                .collect(Collectors.joining(","));
        return """
                {"users":[{"name":"guest","password_hash":"%s","hashing_algorithm":"rabbit_password_hashing_sha256",\
                "tags":"administrator"}],"vhosts":[%s],"permissions":[%s]}
                """.formatted(passwordHash("guest"), hosts, permissions);
    }

    /**
     * The hash as RabbitMQ documents it: base64 of the salt and the SHA-256 of salt and password. The salt is constant.
     */
    private static String passwordHash(String password) {
        byte[] salt = {1, 2, 3, 4};
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            byte[] hash = digest.digest(password.getBytes(StandardCharsets.UTF_8));
            byte[] both = new byte[salt.length + hash.length];
            System.arraycopy(salt, 0, both, 0, salt.length);
            System.arraycopy(hash, 0, both, salt.length, hash.length);
            return Base64.getEncoder().encodeToString(both);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Different free ports: all are bound before any is released. */
    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
