package dev.rung.cli;

import dev.rung.cli.DemoShop.Behavior;
import dev.rung.observability.Logging;
import dev.rung.settings.DataDir;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Secret;
import dev.rung.settings.Setting;
import dev.rung.settings.Settings;
import dev.rung.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rung demo}: a server with a simulated bank, merchants and traffic. */
@Command(
        name = "demo",
        header = "Runs a server with a simulated bank, eight merchants and continuous payments.",
        description = {
            "",
            "Stores its data in a temporary directory that is deleted at the end, listens on this machine only, and ignores rung.yaml"
                    + " and the environment. The bank is simulated: no money moves.",
            "Ctrl-C stops it.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ./rung demo", "  ./rung demo --port 9090 --rate 4", "  ./rung demo --data-dir /tmp/rung-demo"})
final class Demo implements Callable<Integer>, ServerLauncher.Companion {
    private static final double RATE_MAX = 5;
    private static final String LOOPBACK = "127.0.0.1";

    private final Terminal terminal;
    private final ServerLauncher server;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "HTTP port; default: 8080, or any free port if it is in use")
    private @Nullable String port;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "2",
            description = "payments per second, at most 5 (${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "directory to keep the data in; default: a temporary directory")
    private @Nullable Path permanentDir;

    private @Nullable DataDir dataDir;
    private final List<DemoShop> shops = new ArrayList<>();
    private @Nullable DemoTraffic traffic;

    Demo(Terminal terminal, ServerLauncher server) {
        this.server = server;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!(rate > 0 && rate <= RATE_MAX)) {
            throw new WrongUsage("--rate must be greater than 0 and at most 5");
        }
        Path directory = permanentDir == null
                ? Files.createTempDirectory("rung-demo-")
                : terminal.workingDirectory().resolve(permanentDir).normalize();
        dataDir = new DataDir(directory);
        return server.run(settings(directory), this);
    }

    /** Settings of this machine are ignored, because they belong to a real server. */
    private Settings settings(Path directory) {
        Map<Setting, String> flags = new HashMap<>();
        flags.put(Setting.PORT, port == null ? freePort() : port);
        flags.put(Setting.BIND, LOOPBACK);
        flags.put(Setting.DATA_DIR, directory.toString());
        flags.put(Setting.ALLOW_TARGETS, "127.0.0.0/8");
        return SettingsReader.read(RawSettings.gather(flags, Map.of(), directory, null));
    }

    private static String freePort() {
        String usual = Setting.PORT.defaultText().orElse("0");
        try (ServerSocket probe = new ServerSocket(Integer.parseInt(usual), 1, InetAddress.ofLiteral(LOOPBACK))) {
            return Integer.toString(probe.getLocalPort());
        } catch (IOException e) {
            return "0";
        }
    }

    @Override
    public String command() {
        return "demo";
    }

    @Override
    public void ready(URI address) {
        Logging.onlyWarnings(); // keeps the link visible in the terminal
        String key = key();
        String run = Long.toString(Instant.now().getEpochSecond(), 36).toUpperCase(Locale.ROOT);
        DemoTraffic newTraffic = new DemoTraffic(
                new ApiConnection(address, new Secret(key)),
                new SplittableRandom(),
                Duration.ofNanos((long) (1e9 / rate)),
                run);
        traffic = newTraffic;
        open(newTraffic);
        newTraffic.createMerchants(shops);
        greet(address, key, newTraffic.createManualPayment());
        newTraffic.start();
    }

    private String key() {
        try {
            return Files.readString(directory().apiKey()).strip();
        } catch (IOException e) {
            throw new CommandFailed("cannot set up the demo: " + e);
        }
    }

    private void open(DemoTraffic newTraffic) {
        try {
            for (Behavior behavior : Behavior.values()) {
                shops.add(DemoShop.open(behavior, newTraffic.previousPort(behavior)));
            }
        } catch (IOException e) {
            throw new CommandFailed("cannot set up the demo: " + e);
        }
    }

    private DataDir directory() {
        DataDir directory = dataDir;
        if (directory == null) {
            throw new IllegalStateException("ready before start");
        }
        return directory;
    }

    private void greet(URI address, String key, String payUrl) {
        Path directory = directory().path();
        line("");
        if (permanentDir == null) {
            // The browser does not send the fragment; the console's script signs in with it.
            line("Console         " + terminal.paint(AnsiStyle.BOLD, address + "/sign-in#key=" + key));
        } else {
            line("Console         " + terminal.paint(AnsiStyle.BOLD, address + "/"));
            line("Sign in with    the key in " + directory().apiKey());
        }
        line("Payment page    " + payUrl);
        line("Follow          ./rung tail --data-dir " + directory);
        line("");
        line(String.format(Locale.ROOT, "%s payments per second, to eight merchants:", shown(rate)));
        for (Behavior behavior : Behavior.values()) {
            line(String.format(Locale.ROOT, "  %-20s %s", behavior.merchant(), behavior.description()));
        }
        line("");
        line("Ctrl-C stops it" + (permanentDir == null ? " and deletes its data." : "."));
    }

    private static String shown(double rate) {
        return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }

    /** Stops the traffic and the merchants. */
    @Override
    public void stopping() {
        if (traffic != null) {
            traffic.close();
        }
        for (DemoShop shop : shops) {
            try {
                shop.close();
            } catch (IOException e) {
                throw new CommandFailed("cannot close a merchant of the demo: " + e.getMessage());
            }
        }
    }

    @Override
    public void ended() {
        if (permanentDir != null) {
            return;
        }
        Path directory = directory().path();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            terminal.err().println("rung demo: " + directory + " cannot be deleted: " + e);
        }
    }
}
