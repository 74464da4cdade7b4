package dev.rung.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A private PostgreSQL server for tests: a free port, a temporary data directory, full durability, deleted when it is
 * closed or the JVM exits. One thread may stop and start it; any thread may ask for the URL.
 *
 * <p>It runs an installed PostgreSQL, or else a container. Tests that only need a database use {@link #shared()} and a
 * {@link #createDatabase()} of it; tests that kill or restart a server start their own.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "rung";
    private static final String PASSWORD = "rung-test";
    private static final int VERSION_MIN = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Engine engine;
    private final AtomicInteger databases = new AtomicInteger();
    private final Thread closer = new Thread(this::close, "postgres-closer");
    private boolean closed;

    private PostgresServer(Engine engine) {
        this.engine = engine;
    }

    /** Starts a server. */
    public static PostgresServer start() {
        Engine engine = Installed.find()
                .<Engine>map(bin -> Installed.prepare(bin, USER, PASSWORD))
                .orElseGet(() -> Container.prepare(USER, PASSWORD));
        PostgresServer server = new PostgresServer(engine);
        Runtime.getRuntime().addShutdownHook(server.closer);
        server.restart();
        return server;
    }

    /** The server shared by all tests of this JVM, started at the first call. Never kill or stop it. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        private static final PostgresServer SERVER = start();
    }

    /** The URL of the initial database. */
    public String url() {
        return url("postgres");
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + engine.port() + "/" + database;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return PASSWORD;
    }

    public int port() {
        return engine.port();
    }

    /** Creates an empty database and returns its URL. */
    public String createDatabase() {
        String name = "t" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return url(name);
    }

    /** Kills all processes of the server at once, as a power failure would. The data directory is kept. */
    public void kill9() {
        engine.kill9();
    }

    /** Starts it again after {@link #kill9} or {@link #stop}, on the same port; returns when it answers. */
    public void restart() {
        engine.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Connection _ = connect()) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("PostgreSQL did not start; its log ends:\n" + engine.log(), e);
                }
                Processes.pause();
                // The start fails while a child of the killed server still has the shared memory, so it is retried.
                engine.start();
            }
        }
    }

    /** Shuts it down in order: connections are closed, everything is written. */
    public void stop() {
        engine.stop();
    }

    /** Makes every further transaction read-only, on open connections too. */
    public void makeReadOnly() {
        setReadOnly("on");
    }

    /** Undoes {@link #makeReadOnly}. */
    public void makeWritable() {
        setReadOnly("off");
    }

    private void setReadOnly(String value) {
        execute("ALTER SYSTEM SET default_transaction_read_only = " + value);
        execute("SELECT pg_reload_conf()");
        awaitDefault(value);
    }

    /**
     * pg_reload_conf() returns before the file has been read. The postmaster reads it and informs its children at once,
     * so a new connection with the new value shows that every open one will use it from its next command on.
     */
    private void awaitDefault(String value) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!defaultReadOnly().equals(value)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("PostgreSQL did not read its configuration again");
            }
            Processes.pause();
        }
    }

    private String defaultReadOnly() {
        try (Connection c = connect();
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery("SHOW default_transaction_read_only")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("asking for default_transaction_read_only", e);
        }
    }

    private void execute(String sql) {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            s.execute("SET default_transaction_read_only = off");
            s.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    /** Stops it and deletes its data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        engine.destroy();
        if (Thread.currentThread() != closer) {
            Runtime.getRuntime().removeShutdownHook(closer);
        }
    }

    /** The way the server is run. */
    private interface Engine {
        int port();

        void start();

        void stop();

        void kill9();

        void destroy();

        String log();
    }

    /**
     * An installed PostgreSQL as a child process. PostgreSQL refuses to run as root; root starts it as another user.
     */
    private static final class Installed implements Engine {
        private final Path bin;
        private final Path directory;
        private final int port;
        private final List<String> asUser;
        private Process postmaster;

        private Installed(Path bin, Path directory, int port, List<String> asUser) {
            this.bin = bin;
            this.directory = directory;
            this.port = port;
            this.asUser = asUser;
        }

        /**
         * The first version that is new enough: of those named, those of distributions and Homebrew, and the one on the
         * PATH.
         */
        static Optional<Path> find() {
            List<Path> places = new ArrayList<>();
            Optional.ofNullable(System.getenv("RUNG_TEST_POSTGRES"))
                    .map(Path::of)
                    .ifPresent(places::add);
            places.addAll(installations("/usr/lib/postgresql", ""));
            places.addAll(installations("/usr", "pgsql-"));
            places.addAll(installations("/usr/local", "pgsql"));
            places.addAll(installations("/opt/homebrew/opt", "postgresql"));
            places.addAll(installations("/usr/local/opt", "postgresql"));
            for (String dir : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                places.add(Path.of(dir));
            }
            return places.stream().filter(Installed::isNewEnough).findFirst();
        }

        private static List<Path> installations(String folder, String prefix) {
            if (!Files.isDirectory(Path.of(folder))) {
                return List.of();
            }
            try (Stream<Path> found = Files.list(Path.of(folder))) {
                return found.filter(dir -> dir.getFileName().toString().startsWith(prefix))
                        .sorted(Comparator.reverseOrder())
                        .map(dir -> dir.resolve("bin"))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static boolean isNewEnough(Path bin) {
            if (!Files.isExecutable(bin.resolve("initdb")) || !Files.isExecutable(bin.resolve("postgres"))) {
                return false;
            }
            Matcher version = Pattern.compile("(\\d+)")
                    .matcher(Processes.run(bin.resolve("postgres").toString(), "--version"));
            return version.find() && Integer.parseInt(version.group()) >= VERSION_MIN;
        }

        static Installed prepare(Path bin, String user, String password) {
            try {
                Path directory = Files.createTempDirectory("rung-postgres-");
                List<String> asUser = List.of();
                Path passwordFile = directory.resolve("password");
                Files.writeString(passwordFile, password);
                if ("root".equals(System.getProperty("user.name"))) {
                    String owner = Processes.succeeds("id", "-u", "postgres") ? "postgres" : "nobody";
                    Processes.run("chown", "-R", owner, directory.toString());
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                    asUser = asUser(owner);
                }
                Installed installed = new Installed(bin, directory, freePort(), asUser);
                installed.initialise(user, passwordFile);
                return installed;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<String> asUser(String owner) {
            return Processes.succeeds("setpriv", "--version")
                    ? List.of("setpriv", "--reuid=" + owner, "--clear-groups", "--")
                    : List.of("runuser", "-u", owner, "--");
        }

        private void initialise(String user, Path passwordFile) {
            Processes.run(command(
                    "initdb",
                    "--pgdata=" + data(),
                    "--username=" + user,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync"));
        }

        private List<String> command(String program, String... arguments) {
            List<String> command = new ArrayList<>(asUser);
            command.add(bin.resolve(program).toString());
            command.addAll(List.of(arguments));
            return command;
        }

        private String data() {
            return directory.resolve("data").toString();
        }

        private Path logFile() {
            return directory.resolve("log");
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void start() {
            if (isRunning()) {
                return;
            }
            List<String> command = command(
                    "postgres",
                    "-D",
                    data(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "max_connections=300",
                    // Transactions of autovacuum would delay the event feed.
                    "-c",
                    "autovacuum=off",
                    "-c",
                    "shared_buffers=128MB");
            postmaster = Processes.start(command, logFile());
        }

        private boolean isRunning() {
            return postmaster != null && postmaster.isAlive();
        }

        @Override
        public void stop() {
            if (isRunning()) {
                Processes.run(command("pg_ctl", "stop", "-D", data(), "-m", "fast", "-w", "-t", "180"));
                Processes.awaitEnd(postmaster.toHandle()); // the file is deleted a moment before the process ends
            }
        }

        @Override
        public void kill9() {
            if (postmaster == null) {
                return;
            }
            // A surviving child would keep the shared memory and the port.
            Processes.killTree(postmaster);
        }

        @Override
        public void destroy() {
            kill9();
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

    /** A container, if PostgreSQL is not installed but a container engine runs. */
    private static final class Container implements Engine {
        private static final String IMAGE = "postgres:17";

        private final String id;
        private final int port;

        private Container(String id, int port) {
            this.id = id;
            this.port = port;
        }

        static Container prepare(String user, String password) {
            if (!Processes.succeeds("docker", "info")) {
                throw new IllegalStateException("The tests need PostgreSQL 15 or newer: install it (Debian, Ubuntu: "
                        + "apt install postgresql; macOS: brew install postgresql@17), or start a container engine.");
            }
            int port = freePort();
            String id = Processes.run(
                            "docker",
                            "create",
                            "--publish=127.0.0.1:" + port + ":5432",
                            "--env=POSTGRES_DB=postgres",
                            "--env=POSTGRES_USER=" + user,
                            "--env=POSTGRES_PASSWORD=" + password,
                            IMAGE)
                    .strip();
            return new Container(id.substring(id.lastIndexOf('\n') + 1), port);
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
        public void stop() {
            Processes.run("docker", "stop", "--signal=SIGINT", id);
        }

        @Override
        public void kill9() {
            Processes.run("docker", "kill", "--signal=KILL", id);
        }

        @Override
        public void destroy() {
            Processes.run("docker", "rm", "--force", "--volumes", id);
        }

        @Override
        public String log() {
            return Processes.run("docker", "logs", "--tail=50", id);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
