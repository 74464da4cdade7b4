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
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rung demo}: a server with everything around it that it needs to be seen at work. */
@Command(
        name = "demo",
        header = "Shows everything at work: a server, a simulated bank, eight merchants, payments flowing.",
        description = {
            "",
            "It keeps what it does in a directory of its own, which is gone when it ends, listens on this machine only, and minds neither"
                    + " rung.yaml nor the environment. No money moves: the bank is simulated.",
            "Ctrl-C ends it.",
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
            description = "HTTP port; without it 8080, or any that is free if that is in use")
    private @Nullable String port;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "2",
            description = "payments a second, at most 5 (${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "keep everything there, to go on with it next time; without it nothing is kept")
    private @Nullable Path keptIn;

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
            throw new WrongUsage("--rate is more than 0 and at most 5");
        }
        Path directory = keptIn == null
                ? Files.createTempDirectory("rung-demo-")
                : terminal.workingDirectory().resolve(keptIn).normalize();
        dataDir = new DataDir(directory);
        return server.run(settings(directory), this);
    }

    /** Whatever else is set on this machine is meant for a server in earnest. */
    private Settings settings(Path directory) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        flags.put(Setting.PORT, port == null ? freePort() : port);
        flags.put(Setting.BIND, LOOPBACK);
        flags.put(Setting.DATA_DIR, directory.toString());
        flags.put(Setting.ALLOW_TARGETS, "127.0.0.0/8");
        flags.put(Setting.SIMULATOR, "true");
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
        Logging.onlyWarnings(); // or the link would be gone from the screen before anybody has followed it
        String key = key();
        String run = Long.toString(Instant.now().getEpochSecond(), 36).toUpperCase(Locale.ROOT);
        DemoTraffic payers = new DemoTraffic(
                new ApiConnection(address, new Secret(key)),
                new SplittableRandom(),
                Duration.ofNanos((long) (1e9 / rate)),
                run);
        traffic = payers;
        open(payers);
        payers.introduce(shops);
        greet(address, key, payers.byHand());
        payers.start();
    }

    private String key() {
        try {
            return Files.readString(directory().apiKey()).strip();
        } catch (IOException e) {
            throw new CommandFailed("the demo cannot be set up: " + e);
        }
    }

    private void open(DemoTraffic payers) {
        try {
            for (Behavior behavior : Behavior.values()) {
                shops.add(DemoShop.open(behavior, payers.formerPort(behavior)));
            }
        } catch (IOException e) {
            throw new CommandFailed("the demo cannot be set up: " + e);
        }
    }

    private DataDir directory() {
        DataDir directory = dataDir;
        if (directory == null) {
            throw new IllegalStateException("the server is ready before it was started");
        }
        return directory;
    }

    private void greet(URI address, String key, String payUrl) {
        Path directory = directory().path();
        line("");
        if (keptIn == null) {
            // The browser keeps what stands behind the # to itself; the console's script signs in with it.
            line("Console         " + terminal.paint(AnsiStyle.BOLD, address + "/sign-in#key=" + key));
        } else {
            line("Console         " + terminal.paint(AnsiStyle.BOLD, address + "/"));
            line("Sign in with    the key in " + directory().apiKey());
        }
        line("Pay by hand     " + payUrl);
        line("Follow          ./rung tail --data-dir " + directory);
        line("");
        line(String.format(Locale.ROOT, "Payments, %s a second, to eight merchants:", shown(rate)));
        for (Behavior behavior : Behavior.values()) {
            line(String.format(Locale.ROOT, "  %-20s %s", behavior.merchant(), behavior.behaviour()));
        }
        line("");
        line("Ctrl-C ends it" + (keptIn == null ? ", and nothing is kept." : "."));
    }

    private static String shown(double rate) {
        return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }

    /** Nobody pays any more, and whoever is waited for hangs up. */
    @Override
    public void stopping() {
        if (traffic != null) {
            traffic.close();
        }
        for (DemoShop shop : shops) {
            try {
                shop.close();
            } catch (IOException e) {
                throw new CommandFailed("a merchant of the demo could not be closed: " + e.getMessage());
            }
        }
    }

    @Override
    public void ended() {
        if (keptIn != null) {
            return;
        }
        Path directory = directory().path();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            terminal.err().println("rung demo: " + directory + " could not be deleted: " + e);
        }
    }
}
