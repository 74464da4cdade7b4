package dev.rung.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL primary with a synchronous streaming replica, both behind one proxy: after {@link #failOver} the replica is the primary at
 * the same address. One thread at a time.
 */
final class DatabasePair implements AutoCloseable {
    static final String USER = "rung";
    private static final Duration START = Duration.ofSeconds(60);

    private final Path directory;
    private final Path bin;
    private final List<String> asOwner;
    private final TcpProxy proxy;
    private Server primary;
    private @Nullable Server replica;
    private int generation;

    private record Server(Path data, int port, LocalProcess process) {}

    private DatabasePair(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        bin = newestInstallation();
        // PostgreSQL refuses to run as root.
        boolean root = "root".equals(System.getProperty("user.name"));
        asOwner = root ? List.of("setpriv", "--reuid=postgres", "--clear-groups", "--") : List.of();
        if (root) {
            LocalProcess.run(List.of("chown", "postgres", directory.toString()), Map.of());
        }
        Path data = directory.resolve("data0");
        LocalProcess.run(
                command("initdb", "-D", data.toString(), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-locale"),
                Map.of());
        primary = launch(data);
        proxy = TcpProxy.to(primary.port);
    }

    static DatabasePair start(Path directory) {
        try {
            DatabasePair pair = new DatabasePair(directory);
            pair.attachReplica();
            return pair;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newestInstallation() throws IOException {
        Path debian = Path.of("/usr/lib/postgresql");
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(debian)) {
            try (var versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin")).sorted().forEach(folders::addFirst);
            }
        }
        return LocalProcess.find("initdb", folders);
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(asOwner);
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private Server launch(Path data) {
        int port = LocalProcess.freePorts(1).getFirst();
        LocalProcess process = LocalProcess.start(
                command(
                        "postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=" + data,
                        "-c",
                        "max_connections=120"),
                Map.of(),
                directory.resolveSibling(directory.getFileName() + ".log"));
        Server server = new Server(data, port, process);
        LocalProcess.await("PostgreSQL answers", START, () -> isAnswering(port));
        return server;
    }

    private static boolean isAnswering(int port) {
        try (Connection connection = connect(port)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, "");
    }

    /** Creates a streaming replica; from then on commits wait for it. */
    private void attachReplica() {
        generation++;
        Path data = directory.resolve("data" + generation);
        LocalProcess.run(
                command(
                        "pg_basebackup",
                        "-D",
                        data.toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(primary.port),
                        "-U",
                        USER,
                        "-R",
                        "-X",
                        "stream",
                        "-c",
                        "fast"),
                Map.of());
        replica = launch(data);
        LocalProcess.await("the replica streams", START, () -> count("pg_stat_replication") == 1);
        execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
        execute("SELECT pg_reload_conf()");
    }

    private long count(String view) {
        try (Connection connection = connect(primary.port);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + view)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    private void execute(String sql) {
        try (Connection connection = connect(primary.port);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The URL for servers, which always leads to the current primary. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres";
    }

    /** Whether there is a replica. */
    boolean canFailOver() {
        return replica != null;
    }

    /** Kills the primary and promotes the replica. */
    void failOver() {
        Server next = replica;
        if (next == null) {
            throw new IllegalStateException("no replica");
        }
        primary.process.kill9();
        proxy.cut();
        LocalProcess.run(command("pg_ctl", "promote", "-w", "-D", next.data.toString()), Map.of());
        LocalProcess.deleteTree(primary.data);
        primary = next;
        replica = null;
        proxy.retarget(primary.port);
        proxy.restore();
    }

    /** Creates a new replica for the promoted primary. */
    void restoreReplica() {
        if (replica == null) {
            attachReplica();
        }
    }

    @Override
    public void close() {
        proxy.close();
        Server follower = replica;
        if (follower != null) {
            follower.process.kill9();
        }
        primary.process.kill9();
    }
}
