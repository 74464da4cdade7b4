package dev.rung.test;

import dev.rung.client.RungClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A real Rung server in a process of its own, with embedded storage in a temporary folder, which is deleted when it is closed. It may send to loopback.
 *
 * <p>The jar is named by the system property {@code rung.jar} or the environment variable {@code RUNG_JAR}; it needs Java 25, which is looked for in
 * {@code RUNG_JAVA_HOME}, the JVM of the tests, {@code JAVA_HOME} and the usual folders.
 */
public final class RungServer implements AutoCloseable {
    private static final int JAVA_MIN = 25;
    private static final String READY = "Rung is ready at ";
    private static final String KEY = "an-api-key-for-tests-of-32-characters";

    private final Path folder;
    private final List<String> command;
    private Process process;
    private URI url;

    private RungServer(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
        this.process = launch();
        this.url = ready();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "rung-closer"));
    }

    /**
     * Starts a server on a free port.
     *
     * @param settings as of {@code rung serve}, such as {@code --query-ladder}
     */
    public static RungServer start(String... settings) {
        try {
            Path folder = Files.createTempDirectory("rung-test-");
            List<String> command = new ArrayList<>(List.of(
                    java().toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-jar",
                    jar().toString(),
                    "serve",
                    "--data-dir",
                    folder.resolve("data").toString(),
                    "--allow-targets",
                    "127.0.0.0/8"));
            command.addAll(List.of(settings));
            return new RungServer(folder, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar() {
        String named = System.getProperty("rung.jar", System.getenv("RUNG_JAR"));
        if (named == null || !Files.isRegularFile(Path.of(named))) {
            throw new IllegalStateException(
                    "Set the system property rung.jar, or the variable RUNG_JAR, to the path of rung.jar; now: "
                            + named);
        }
        return Path.of(named).toAbsolutePath();
    }

    private static Path java() throws IOException {
        if (Runtime.version().feature() >= JAVA_MIN) {
            return Path.of(System.getProperty("java.home"), "bin", "java");
        }
        List<Path> homes = new ArrayList<>();
        Stream.of("RUNG_JAVA_HOME", "JAVA_HOME")
                .map(System::getenv)
                .filter(Objects::nonNull)
                .map(Path::of)
                .forEach(homes::add);
        for (Path parent : List.of(Path.of("/usr/lib/jvm"), Path.of("/Library/Java/JavaVirtualMachines"))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> found = Files.list(parent)) {
                    found.flatMap(home -> Stream.of(home, home.resolve("Contents/Home")))
                            .forEach(homes::add);
                }
            }
        }
        for (Path home : homes) {
            if (Files.isExecutable(home.resolve("bin/java")) && feature(home) >= JAVA_MIN) {
                return home.resolve("bin/java");
            }
        }
        throw new IllegalStateException("The server needs Java " + JAVA_MIN + ": set RUNG_JAVA_HOME.");
    }

    /** The version in the file {@code release} of a JDK: {@code JAVA_VERSION="25.0.3"}. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                return Integer.parseInt(line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"));
            }
        }
        return 0;
    }

    private Process launch() {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--port", url == null ? "0" : "" + url.getPort()));
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectError(folder.resolve("log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNG_") || name.endsWith("_JAVA_OPTIONS"));
        builder.environment().put("RUNG_API_KEY", KEY);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI ready() {
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new IllegalStateException("the server did not start: " + line + "\n" + log());
            }
            return URI.create(line.substring(READY.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return url;
    }

    /** The operator's key. */
    public String apiKey() {
        return KEY;
    }

    /** A client with the operator's key. */
    public RungClient client() {
        return new RungClient(url, KEY);
    }

    /** Its log so far. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, as a power failure would; its data are kept. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts it after {@link #kill}, at the same address. */
    public void restart() {
        process = launch();
        url = ready();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // closed before
        }
    }
}
