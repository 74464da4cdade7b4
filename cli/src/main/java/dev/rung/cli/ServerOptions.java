package dev.rung.cli;

import dev.rung.settings.DataDir;
import dev.rung.settings.RawSettings;
import dev.rung.settings.RunningServer;
import dev.rung.settings.Secret;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options by which a command finds its server. Without any it is the one that runs on this machine with the same data dir: the
 * server keeps its address and its key there.
 */
final class ServerOptions {
    private static final String SERVER_VARIABLE = "RUNG_SERVER";

    @Option(
            names = "--server",
            paramLabel = "URL",
            order = 100,
            description = "the server (RUNG_SERVER); else the one that runs with this data dir")
    private @Nullable URI server;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            order = 101,
            description = "its key (RUNG_API_KEY); else the one in the data dir")
    private @Nullable String apiKey;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 102,
            description = "the data dir (RUNG_DATA_DIR; ./rung-data)")
    private @Nullable String dataDir;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            order = 103,
            description = "the server's settings file (RUNG_CONFIG; ./rung.yaml)")
    private @Nullable Path config;

    /** The API of the server. */
    ApiConnection api(Terminal terminal) {
        RawSettings raw = raw(terminal);
        DataDir dir = dataDir(terminal, raw);
        Optional<URI> named = Optional.ofNullable(server)
                .or(() -> Optional.ofNullable(terminal.environment().get(SERVER_VARIABLE))
                        .filter(s -> !s.isEmpty())
                        .map(ServerOptions::uri));
        URI url = named.orElseGet(() -> running(dir));
        checked(url);
        return new ApiConnection(url, key(raw, dir, url));
    }

    /** The data dir of this machine, there or not. */
    DataDir dataDir(Terminal terminal) {
        return dataDir(terminal, raw(terminal));
    }

    private RawSettings raw(Terminal terminal) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        if (dataDir != null) {
            flags.put(Setting.DATA_DIR, dataDir);
        }
        if (apiKey != null) {
            flags.put(Setting.API_KEY, apiKey);
        }
        // What is wrong with the server's settings is not this command's business: they are not asked for problems.
        return RawSettings.gather(flags, terminal.environment(), terminal.workingDirectory(), config);
    }

    private static DataDir dataDir(Terminal terminal, RawSettings raw) {
        String dir =
                raw.text(Setting.DATA_DIR).or(Setting.DATA_DIR::defaultText).orElseThrow();
        return new DataDir(terminal.workingDirectory().resolve(dir).normalize());
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(SERVER_VARIABLE + " \"" + text + "\" is not a URL");
        }
    }

    private static void checked(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new CommandFailed("\"" + url + "\" is not a server's URL such as http://127.0.0.1:8080");
        }
    }

    private static URI running(DataDir dir) {
        RunningServer running;
        try {
            running = RunningServer.read(dir).orElse(null);
        } catch (IOException e) {
            throw new CommandFailed(dir.server() + " cannot be read: " + e.getMessage());
        }
        String remedy = """
                Start one:          ./rung serve --allow-targets 127.0.0.0/8
                It runs elsewhere:  --server URL --api-key KEY, or RUNG_SERVER and RUNG_API_KEY
                Other data dir:     --data-dir DIR, or RUNG_DATA_DIR""";
        if (running == null) {
            throw new CommandFailed("no server runs with the data dir " + dir.path() + "\n" + remedy);
        }
        if (!running.isAlive()) {
            throw new CommandFailed(
                    "the server of " + dir.path() + " (process " + running.pid() + ") is gone\n" + remedy);
        }
        return running.url();
    }

    private static @Nullable Secret key(RawSettings raw, DataDir dir, URI url) {
        Optional<Secret> given = raw.text(Setting.API_KEY).map(Secret::new);
        if (given.isPresent()) {
            return given.get();
        }
        // The key of the server of this machine is not for others.
        if (!isLoopback(url.getHost())) {
            throw new CommandFailed("the key of " + url + " is not known here: give --api-key or RUNG_API_KEY");
        }
        try {
            return Files.exists(dir.apiKey())
                    ? new Secret(Files.readString(dir.apiKey()).strip())
                    : null;
        } catch (IOException e) {
            throw new CommandFailed("the key file " + dir.apiKey() + " cannot be read by this user");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
