package dev.rung.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A private MariaDB server for tests: a free port, a temporary data directory, deleted when it is closed or the JVM exits. Its user has no password, and all
 * rights except to write while the server is read-only.
 */
public final class MariaDbServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String USER = "rung";

    private final Path directory;
    private final int port;
    private final List<String> options;
    private final AtomicInteger databases = new AtomicInteger();
    private final Thread closer = new Thread(this::close, "mariadb-closer");
    private Process process;
    private boolean closed;

    private MariaDbServer(Path directory, int port, List<String> options, Process process) {
        this.directory = directory;
        this.port = port;
        this.options = options;
        this.process = process;
    }

    /** The server shared by all tests of this JVM, started at the first call. */
    public static MariaDbServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        private static final MariaDbServer SERVER = start();
    }

    /**
     * Starts a server.
     *
     * @param options of the server's command line, also when it is restarted
     */
    public static MariaDbServer start(String... options) {
        try {
            Path directory = Files.createTempDirectory("rung-mariadb-");
            Path data = directory.resolve("data");
            String account = System.getProperty("user.name");
            Processes.run(
                    program("mariadb-install-db"),
                    "--no-defaults",
                    "--datadir=" + data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--user=" + account);
            Path init = directory.resolve("init.sql");
            // One statement a line. The last one shows that the server is ready.
            Files.writeString(init, """
                    CREATE USER rung@127.0.0.1;
                    GRANT ALL ON *.* TO rung@127.0.0.1;
                    REVOKE READ ONLY ADMIN ON *.* FROM rung@127.0.0.1;
                    CREATE USER admin@127.0.0.1;
                    GRANT ALL ON *.* TO admin@127.0.0.1;
                    CREATE DATABASE ready;
                    """);
            int port = freePort();
            List<String> first = new ArrayList<>(List.of(options));
            first.add("--init-file=" + init);
            MariaDbServer server =
                    new MariaDbServer(directory, port, List.of(options), process(directory, port, first));
            Runtime.getRuntime().addShutdownHook(server.closer);
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process process(Path directory, int port, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                program("mariadbd"),
                "--no-defaults",
                "--datadir=" + directory.resolve("data"),
                "--user=" + System.getProperty("user.name"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + directory.resolve("socket"),
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=2"));
        command.addAll(more);
        return Processes.start(command, directory.resolve("log"));
    }

    /** Kills the server at once. Its data is kept. */
    public void kill9() {
        process.destroyForcibly();
        Processes.awaitEnd(process.toHandle());
    }

    /**
     * Starts it again after {@link #kill9}, on the same port; returns when it answers.
     *
     * @param more options in addition to those of the first start, which they override
     */
    public void restart(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        process = process(directory, port, all);
        awaitReady();
    }

    /**
     * Makes this server, which is new, a replica of another one, which has binary logs. From then on, the other one
     * answers a commit only when this server has received it.
     */
    public void replicate(MariaDbServer primary) {
        administer("SET GLOBAL gtid_slave_pos = '" + primary.ask("SELECT @@GLOBAL.gtid_binlog_pos", 1) + "'");
        administer("SET GLOBAL rpl_semi_sync_slave_enabled = ON");
        administer("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = " + primary.port
                + ", MASTER_USER = 'admin', MASTER_USE_GTID = slave_pos");
        administer("START SLAVE");
        primary.administer("SET GLOBAL rpl_semi_sync_master_enabled = ON");
        awaitAnswer(primary, "SHOW STATUS LIKE 'Rpl_semi_sync_master_clients'", 2, "1");
    }

    /** Applies everything that was received from the primary, and is a replica no longer. */
    public void promote() {
        administer("STOP SLAVE IO_THREAD");
        awaitAnswer(
                this,
                "SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Slave has read all relay log%'",
                1,
                "1");
        administer("STOP SLAVE");
        administer("RESET SLAVE ALL");
    }

    private static void awaitAnswer(MariaDbServer server, String query, int column, String answer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answer.equals(server.ask(query, column))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        query + " is " + server.ask(query, column) + "; the log:\n" + server.log());
            }
            Processes.pause();
        }
    }

    private String ask(String query, int column) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(column) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "admin", "");
    }

    /** Makes every further transaction read-only, on open connections too. */
    public void makeReadOnly() {
        administer("SET GLOBAL read_only = ON");
    }

    /** Undoes {@link #makeReadOnly}. */
    public void makeWritable() {
        administer("SET GLOBAL read_only = OFF");
    }

    /** Runs a statement as a user with all privileges. */
    public void administer(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String program(String name) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new IllegalStateException(
                        "The tests need MariaDB: install it (Debian, Ubuntu: apt install mariadb-server)."));
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.isDirectory(directory.resolve("data/ready")) || !isListening()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("MariaDB did not start; its log:\n" + log());
            }
            Processes.pause();
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    public int port() {
        return port;
    }

    public String user() {
        return USER;
    }

    /** The URL of a database that is created when a connection is opened; works with the drivers of MariaDB. */
    public String createDatabase() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/t" + databases.incrementAndGet()
                + "?createDatabaseIfNotExist=true";
    }

    /** Stops it and deletes its data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.destroyForcibly();
        Processes.awaitEnd(process.toHandle());
        Processes.deleteTree(directory);
        if (Thread.currentThread() != closer) {
            Runtime.getRuntime().removeShutdownHook(closer);
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
