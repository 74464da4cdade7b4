package dev.rung.cli;

import dev.rung.settings.ChannelTypes;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that locate the server. The default is the server that runs on this machine with the same data dir, where its address and key are
 * stored.
 */
final class ServerOptions {
    private static final String SERVER_VARIABLE = "RUNG_SERVER";

    @Option(
            names = "--server",
            paramLabel = "URL",
            order = 100,
            description = "server URL (RUNG_SERVER); default: the server that uses the data dir")
    private @Nullable URI server;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            order = 101,
            description = "API key (RUNG_API_KEY); default: the key in the data dir")
    private @Nullable String apiKey;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 102,
            description = "data dir (RUNG_DATA_DIR; default ./rung-data)")
    private @Nullable String dataDir;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            order = 103,
            description = "settings file (RUNG_CONFIG; default ./rung.yaml)")
    private @Nullable Path config;

    /** Connects to the server's API. */
    ApiConnection api(Terminal terminal) {
        RawSettings raw = raw(terminal);
        DataDir dir = dataDir(terminal, raw);
        Optional<URI> named = Optional.ofNullable(server)
                .or(() -> Optional.ofNullable(terminal.environment().get(SERVER_VARIABLE))
                        .filter(s -> !s.isEmpty())
                        .map(ServerOptions::uri));
        URI url = named.orElseGet(() -> running(dir));
        check(url);
        return new ApiConnection(url, key(raw, dir, url));
    }

    /** The data dir, which may not exist. */
    DataDir dataDir(Terminal terminal) {
        return dataDir(terminal, raw(terminal));
    }

    /**
     * The channel types on the class path and those of plugins.
     *
     * @param plugins null: the folder in the server's settings, if there is one
     */
    ChannelTypes channelTypes(Terminal terminal, @Nullable Path plugins) {
        RawSettings raw = raw(terminal);
        return Optional.ofNullable(plugins)
                .or(() -> raw.text(Setting.PLUGINS).map(Path::of))
                .map(folder ->
                        withPlugins(raw.types(), terminal.workingDirectory().resolve(folder)))
                .orElse(raw.types());
    }

    private static ChannelTypes withPlugins(ChannelTypes types, Path folder) {
        try {
            return types.withPlugins(folder);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(Setting.PLUGINS.flag() + " \"" + folder + "\" " + e.getMessage());
        }
    }

    private RawSettings raw(Terminal terminal) {
        Map<Setting, String> flags = new HashMap<>();
        if (dataDir != null) {
            flags.put(Setting.DATA_DIR, dataDir);
        }
        if (apiKey != null) {
            flags.put(Setting.API_KEY, apiKey);
        }
        // Problems of the other settings do not matter here.
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

    private static void check(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new CommandFailed("\"" + url + "\" is not a server URL such as http://127.0.0.1:8080");
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
                Start a server:     ./rung serve --allow-targets 127.0.0.0/8
                Remote server:      --server URL --api-key KEY, or RUNG_SERVER and RUNG_API_KEY
                Other data dir:     --data-dir DIR, or RUNG_DATA_DIR""";
        if (running == null) {
            throw new CommandFailed("no server uses the data dir " + dir.path() + "\n" + remedy);
        }
        if (!running.isAlive()) {
            throw new CommandFailed(
                    "the server of " + dir.path() + " (process " + running.pid() + ") is no longer running\n" + remedy);
        }
        return running.url();
    }

    private static @Nullable Secret key(RawSettings raw, DataDir dir, URI url) {
        Optional<Secret> given = raw.text(Setting.API_KEY).map(Secret::new);
        if (given.isPresent()) {
            return given.get();
        }
        // Never send the local server's key to another host.
        if (!isLoopback(url.getHost())) {
            throw new CommandFailed("no API key for " + url + ": specify --api-key or RUNG_API_KEY");
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
