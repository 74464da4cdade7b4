package dev.rung.settings;

import dev.rung.alerts.AlertSettings;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Signing;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.core.port.QueueProvider;
import dev.rung.crypto.dialect.SigningDialect;
import dev.rung.delivery.http.AllowedTargets;
import dev.rung.delivery.http.Cidr;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.payments.channel.MemberChecks;
import dev.rung.payments.model.RefundLimits;
import dev.rung.store.spi.StoreProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Validates {@link RawSettings} and builds {@link Settings}; reports all problems at once. Not thread-safe, used once.
 */
public final class SettingsReader {
    private static final Duration RETENTION_MIN = Duration.ofHours(24);
    private static final Duration AUDIT_RETENTION_MIN = Duration.ofSeconds(1);
    private static final Pattern YEARS = Pattern.compile("[1-9][0-9]?y");
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final int MASTER_KEY_BYTES = 32;
    private static final int MASTER_KEYS_MAX = 2;
    private static final int KEY_LENGTH_MIN = 16;
    private static final int OPERATOR_KEY_LENGTH_MIN = 32;
    private static final List<String> DIALECTS = Stream.of(
                    Signing.HMAC, Signing.ED25519, Signing.RSA2_FORM, Signing.MD5_FORM, Signing.HMAC_HEX)
            .map(Signing::text)
            .toList();
    private static final Duration DRAIN_MIN = Duration.ofSeconds(1);
    private static final Duration DRAIN_MAX = Duration.ofMinutes(10);
    private static final String PRIVATE_NETWORKS =
            "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1/128,fc00::/7,fe80::/10";

    private final RawSettings raw;
    private final List<String> problems;

    private SettingsReader(RawSettings raw) {
        this.raw = raw;
        this.problems = new ArrayList<>(raw.problems());
    }

    /**
     * Reads the settings.
     *
     * @throws InvalidSettings if any is unknown, invalid or inconsistent with another
     */
    public static Settings read(RawSettings raw) {
        return new SettingsReader(raw).read();
    }

    private Settings read() {
        Settings.Listen listen = listen();
        Settings.Management management = management(listen);
        Settings.Storage storage = storage();
        Settings.Queue queue = new Settings.Queue(rabbitmqUri(), deadLetterStrategy());
        Settings.Access access = access(listen, storage);
        List<Plugins.Plugin> plugins = nullable(Setting.PLUGINS, t -> Plugins.load(Path.of(t)));
        ChannelTypes plugged = plugins == null
                ? null
                : nullable(Setting.PLUGINS, _ -> raw.types().withPlugins(plugins));
        ChannelTypes types = plugged == null ? raw.types() : plugged;
        Settings.Egress egress = egress(dialects(plugins == null ? List.of() : plugins));
        Settings.Payments payments = new Settings.Payments(
                value(Setting.QUERY_LADDER, Ladder.of("5s"), t -> Ladder.of(items(t).toArray(String[]::new))),
                value(Setting.REFUND_LIMIT, RefundLimits.NONE, t -> RefundLimits.parse(items(t))),
                nullable(Setting.PUBLIC_URL, MemberChecks::webAddress),
                types,
                new AccountsReader(this, raw, types).read(listen));
        AlertSettings alerts = AlertsReader.read(this, raw);
        Settings.Drain drain = new Settings.Drain(
                value(Setting.DRAIN_DELAY, Duration.ZERO, t -> duration(t, Duration.ZERO, DRAIN_MAX)),
                value(Setting.DRAIN_TIMEOUT, DRAIN_MIN, t -> duration(t, DRAIN_MIN, DRAIN_MAX)));
        Settings.LogFormat logFormat = value(
                Setting.LOG_FORMAT, Settings.LogFormat.TEXT, t -> MemberChecks.constant(t, Settings.LogFormat.class));
        Settings.Tracing tracing = TracingReader.read(this);
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return new Settings(
                listen,
                management,
                storage,
                queue,
                access,
                egress,
                payments,
                alerts,
                drain,
                logFormat,
                tracing,
                raw.origins());
    }

    private Settings.Listen listen() {
        int port = value(Setting.PORT, 0, t -> number(t, 0, 65_535));
        InetAddress bind = value(Setting.BIND, InetAddress.getLoopbackAddress(), SettingsReader::address);
        boolean behindProxy = value(Setting.BEHIND_PROXY, false, SettingsReader::onOrOff);
        Path certificate = nullable(Setting.TLS_CERT, SettingsReader::readableFile);
        Path key = nullable(Setting.TLS_KEY, SettingsReader::readableFile);
        Settings.Listen.Tls tls = certificate != null && key != null ? new Settings.Listen.Tls(certificate, key) : null;
        boolean oneOfTwo = raw.text(Setting.TLS_CERT).isPresent()
                != raw.text(Setting.TLS_KEY).isPresent();
        if (oneOfTwo) {
            problems.add("--tls-cert and --tls-key must be set together");
        } else if (!bind.isLoopbackAddress() && raw.text(Setting.TLS_CERT).isEmpty() && !behindProxy) {
            problems.add(named(Setting.BIND)
                    + " is not a loopback address, and API keys would be sent unencrypted: set"
                    + " --tls-cert and --tls-key, or --behind-proxy if a proxy in front of this server terminates TLS");
        }
        AllowedTargets proxies = nullable(Setting.TRUSTED_PROXIES, AllowedTargets::parse);
        if (proxies == null) {
            proxies = behindProxy ? AllowedTargets.parse(PRIVATE_NETWORKS) : AllowedTargets.NONE;
        }
        return new Settings.Listen(port, bind, tls, behindProxy, proxies.networks());
    }

    private Settings.@Nullable Management management(Settings.Listen listen) {
        Integer port = nullable(Setting.MANAGEMENT_PORT, t -> number(t, 1, 65_535));
        InetAddress bind = value(Setting.MANAGEMENT_BIND, InetAddress.getLoopbackAddress(), SettingsReader::address);
        if (port == null) {
            return null;
        }
        if (port == listen.port()) {
            problems.add(named(Setting.MANAGEMENT_PORT) + " is the port of --port; leave it out to use that port");
        }
        return new Settings.Management(port, bind);
    }

    private Settings.Storage storage() {
        Path dataDir =
                value(Setting.DATA_DIR, Path.of("."), Path::of).toAbsolutePath().normalize();
        String url = nullable(Setting.DATABASE_URL, SettingsReader::databaseUrl);
        String user = nullable(Setting.DATABASE_USER, Function.identity());
        Secret password = either(Setting.DATABASE_PASSWORD, Setting.DATABASE_PASSWORD_FILE, Secret::new);
        if (raw.text(Setting.DATABASE_URL).isEmpty() && (user != null || password != null)) {
            problems.add(named(user != null ? Setting.DATABASE_USER : Setting.DATABASE_PASSWORD)
                    + " requires --database-url");
        }
        Duration retention = value(Setting.RETENTION, RETENTION_MIN, SettingsReader::retention);
        Duration auditRetention = value(
                Setting.AUDIT_RETENTION, AUDIT_RETENTION_MIN, text -> duration(text, AUDIT_RETENTION_MIN, FOREVER));
        Duration recordsRetention = value(Setting.RECORDS_RETENTION, RETENTION_MIN, SettingsReader::years);
        return new Settings.Storage(
                new StoreProvider.Config(dataDir, url, user, password == null ? null : password.reveal()),
                retention,
                auditRetention,
                recordsRetention);
    }

    private @Nullable Secret rabbitmqUri() {
        return either(Setting.RABBITMQ_URI, Setting.RABBITMQ_URI_FILE, t -> {
            QueueProvider.forUri(t)
                    .orElseThrow(
                            () -> unknownPrefix(QueueProvider.all().stream().flatMap(p -> p.uriPrefixes().stream())))
                    .checkUri(t);
            return new Secret(t);
        });
    }

    private DeadLetterStrategy deadLetterStrategy() {
        return value(
                Setting.DEAD_LETTER_STRATEGY,
                DeadLetterStrategy.AT_LEAST_ONCE,
                t -> MemberChecks.constant(t, DeadLetterStrategy.class));
    }

    private Settings.Access access(Settings.Listen listen, Settings.Storage storage) {
        Secret apiKey = either(Setting.API_KEY, Setting.API_KEY_FILE, SettingsReader::operatorKey);
        Secret viewerKey = either(Setting.VIEWER_KEY, Setting.VIEWER_KEY_FILE, SettingsReader::key);
        if (apiKey != null && apiKey.equals(viewerKey)) {
            problems.add(named(Setting.VIEWER_KEY) + " must differ from the API key, which allows changes");
        }
        if (!listen.bind().isLoopbackAddress() || listen.behindProxy()) {
            guessable(Setting.VIEWER_KEY, viewerKey);
        }
        boolean fromFile = raw.text(Setting.MASTER_KEY_FILE).isPresent()
                && (raw.text(Setting.MASTER_KEY).isEmpty()
                        || raw.origin(Setting.MASTER_KEY_FILE) instanceof SettingOrigin.Flag);
        Secret masterKey = fromFile
                ? nullable(Setting.MASTER_KEY_FILE, SettingsReader::masterKeyFile)
                : nullable(Setting.MASTER_KEY, SettingsReader::masterKey);
        if (!storage.isEmbedded()) {
            String why = " is required with --database-url: all servers of a database need the same one ";
            if (raw.text(Setting.API_KEY).isEmpty()
                    && raw.text(Setting.API_KEY_FILE).isEmpty()) {
                problems.add("the API key" + why + "(--api-key, --api-key-file or RUNG_API_KEY)");
            }
            if (raw.text(Setting.MASTER_KEY_FILE).isEmpty()
                    && raw.text(Setting.MASTER_KEY).isEmpty()) {
                problems.add("the master key" + why
                        + "(--master-key-file or RUNG_MASTER_KEY; generate one with: openssl rand -base64 32)");
            }
        }
        return new Settings.Access(apiKey, viewerKey, masterKey, oidc());
    }

    private Settings.@Nullable Oidc oidc() {
        String issuer = nullable(Setting.OIDC_ISSUER, t -> {
            MemberChecks.webAddress(t);
            return t;
        });
        String clientId = nullable(Setting.OIDC_CLIENT_ID, Function.identity());
        Secret clientSecret =
                nullable(Setting.OIDC_CLIENT_SECRET_FILE, t -> parsedContent(content(t), secret -> new Secret(secret)));
        Set<String> operators = Set.copyOf(value(Setting.OIDC_OPERATORS, List.of(), SettingsReader::items));
        Set<String> viewers = Set.copyOf(value(Setting.OIDC_VIEWERS, List.of(), SettingsReader::items));
        String claim = value(Setting.OIDC_CLAIM, "", Function.identity());
        if (raw.text(Setting.OIDC_ISSUER).isEmpty()) {
            for (Setting setting : List.of(Setting.OIDC_CLIENT_ID, Setting.OIDC_CLIENT_SECRET_FILE)) {
                if (raw.text(setting).isPresent()) {
                    problems.add(named(setting) + " requires --oidc-issuer");
                }
            }
            return null;
        }
        if (raw.text(Setting.OIDC_CLIENT_ID).isEmpty()) {
            problems.add("--oidc-client-id is required with --oidc-issuer");
        }
        if (operators.isEmpty() && viewers.isEmpty()) {
            problems.add("--oidc-operators or --oidc-viewers is required with --oidc-issuer: no one could sign in");
        }
        return issuer == null || clientId == null
                ? null
                : new Settings.Oidc(issuer, clientId, clientSecret, operators, viewers, claim);
    }

    private void guessable(Setting setting, @Nullable Secret key) {
        if (key != null && key.reveal().length() < KEY_LENGTH_MIN) {
            problems.add(named(setting) + " is too short: a server that is not on loopback needs at least "
                    + KEY_LENGTH_MIN + " characters (generate one with: openssl rand -hex 24)");
        }
    }

    private List<SigningDialect> dialects(List<Plugins.Plugin> plugins) {
        Set<String> names = new HashSet<>(DIALECTS);
        List<SigningDialect> dialects = new ArrayList<>();
        for (Plugins.Plugin plugin : plugins) {
            for (SigningDialect dialect : plugin.dialects()) {
                if (names.add(dialect.name())) {
                    dialects.add(dialect);
                } else {
                    problems.add(named(Setting.PLUGINS) + " contains "
                            + plugin.jar().getFileName() + ", whose dialect \"" + dialect.name() + "\" already exists");
                }
            }
        }
        return dialects;
    }

    private Settings.Egress egress(List<SigningDialect> dialects) {
        List<Cidr> allowed = value(Setting.ALLOW_TARGETS, AllowedTargets.NONE, AllowedTargets::parse)
                .networks();
        HttpProxy proxy = nullable(Setting.PROXY, HttpProxy::parse);
        int maxInFlight = value(Setting.MAX_IN_FLIGHT, 4, t -> number(t, 4, 100_000));
        return new Settings.Egress(allowed, proxy, maxInFlight, dialects);
    }

    /** The value, or a placeholder after a problem, which is never used. */
    <T> T value(Setting setting, T standIn, Function<String, T> parse) {
        String text = raw.text(setting).or(setting::defaultText).orElse("");
        T value = parsed(setting, text, parse);
        return value == null ? standIn : value;
    }

    <T> @Nullable T nullable(Setting setting, Function<String, T> parse) {
        String text = raw.text(setting).orElse("");
        return text.isEmpty() ? null : parsed(setting, text, parse);
    }

    /** A secret that is given directly or by a file; where both are, a flag takes precedence. */
    private <T> @Nullable T either(Setting direct, Setting file, Function<String, T> parse) {
        if (raw.text(file).isEmpty()) {
            return nullable(direct, parse);
        }
        if (raw.text(direct).isPresent()) {
            boolean directByFlag = raw.origin(direct) instanceof SettingOrigin.Flag;
            if (directByFlag == raw.origin(file) instanceof SettingOrigin.Flag) {
                problems.add(named(direct) + " and " + named(file) + " must not be set together");
                return null;
            }
            if (directByFlag) {
                return nullable(direct, parse);
            }
        }
        return nullable(file, t -> parsedContent(content(t), parse));
    }

    static <T> T parsedContent(String content, Function<String, T> parse) {
        try {
            return parse.apply(content);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("names a file whose content " + e.getMessage(), e);
        }
    }

    static String content(String file) {
        String content;
        try {
            content = Files.readString(readableFile(file)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
        if (content.isEmpty()) {
            throw new IllegalArgumentException("names an empty file");
        }
        return content;
    }

    /** Notes what stops the start. */
    void problem(String sentence) {
        problems.add(sentence);
    }

    private <T> @Nullable T parsed(Setting setting, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            problems.add(named(setting) + " " + e.getMessage() + kubernetesHint(setting, text));
            return null;
        }
    }

    /** {@code --port (from rung.yaml, line 2) "eighty"}: the name, the origin and, unless secret, the value. */
    String named(Setting setting) {
        SettingOrigin origin = raw.origin(setting);
        String where = origin instanceof SettingOrigin.Flag ? "" : " (from " + origin + ")";
        String name = setting.hasFlag() ? setting.flag() : setting.key();
        return name
                + where
                + (setting.isSecret() ? "" : " \"" + raw.text(setting).orElse("") + "\"");
    }

    /** A service named "rung" makes Kubernetes set RUNG_PORT=tcp://… in every pod of the namespace. */
    private static String kubernetesHint(Setting setting, String text) {
        return setting.equals(Setting.PORT) && text.startsWith("tcp://")
                ? "; Kubernetes sets it for a service named \"rung\": set enableServiceLinks: false in the pod's spec"
                : "";
    }

    private static int number(String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new IllegalArgumentException("must be a number from " + min + " to " + max);
    }

    static boolean onOrOff(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> true;
            case "false", "off", "no", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is not an IP address or host name of this machine", e);
        }
    }

    static Path readableFile(String text) {
        Path file = Path.of(text).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("is not a file");
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot be read by this user");
        }
        return file;
    }

    private static String databaseUrl(String text) {
        StoreProvider.forUrl(text)
                .orElseThrow(() -> unknownPrefix(StoreProvider.all().stream().flatMap(p -> p.urlPrefixes().stream())))
                .checkUrl(text);
        return text;
    }

    private static IllegalArgumentException unknownPrefix(Stream<String> known) {
        return new IllegalArgumentException("must begin with " + known.sorted().collect(Collectors.joining(" or ")));
    }

    private static Duration retention(String text) {
        Duration retention = Durations.parse(text);
        if (retention.compareTo(RETENTION_MIN) < 0) {
            throw new IllegalArgumentException("must be at least 24h, the lifetime of idempotency keys");
        }
        return retention;
    }

    /** A duration, or years of 365 days: {@code 5y}. */
    private static Duration years(String text) {
        return YEARS.matcher(text).matches()
                ? Duration.ofDays(365L * Integer.parseInt(text, 0, text.length() - 1, 10))
                : duration(text, RETENTION_MIN, FOREVER);
    }

    private static Duration duration(String text, Duration min, Duration max) {
        Duration duration = Durations.parse(text);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "must be between " + Durations.text(min) + " and " + Durations.text(max));
        }
        return duration;
    }

    private static Secret operatorKey(String text) {
        if (text.length() < OPERATOR_KEY_LENGTH_MIN) {
            throw new IllegalArgumentException("is too short: the operator's key has at least "
                    + OPERATOR_KEY_LENGTH_MIN + " characters (generate one with: openssl rand -hex 24)");
        }
        return key(text);
    }

    private static Secret key(String text) {
        if (!text.matches("[\\x21-\\x7e]{1,255}")) {
            throw new IllegalArgumentException("must be 1 to 255 printable ASCII characters without spaces");
        }
        return new Secret(text);
    }

    private static Secret masterKey(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not base64", e);
        }
        if (key.length != MASTER_KEY_BYTES) {
            throw new IllegalArgumentException("has " + key.length + " bytes instead of " + MASTER_KEY_BYTES);
        }
        return new Secret(text);
    }

    /** The file contains the 32 bytes raw, or one or two keys as base64, the newer first. */
    private static Secret masterKeyFile(String text) {
        try {
            byte[] content = Files.readAllBytes(readableFile(text));
            return content.length == MASTER_KEY_BYTES
                    ? new Secret(Base64.getEncoder().encodeToString(content))
                    : masterKeys(new String(content, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    private static Secret masterKeys(String text) {
        String[] keys = text.strip().split("\\s+", -1);
        if (keys.length > MASTER_KEYS_MAX) {
            throw new IllegalArgumentException("holds more than two keys");
        }
        for (String key : keys) {
            masterKey(key);
        }
        return new Secret(String.join("\n", keys));
    }

    private static List<String> items(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(i -> !i.isEmpty())
                .toList();
    }
}
