package dev.rung.settings;

import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting given by a flag, an environment variable or a line of {@code rung.yaml}. The constants are the server's settings in the order
 * of {@code --help}; each channel type adds the members of the account with the type's name. Equal if the keys are equal.
 */
public final class Setting {
    private static final Map<String, Setting> SERVER = new LinkedHashMap<>();

    public static final Setting PORT =
            server("port", "8080", "PORT", "HTTP port; 0 for any free port, which is printed");
    public static final Setting BIND = server("bind", "127.0.0.1", "ADDRESS", "address to listen on");
    public static final Setting TLS_CERT =
            server("tls-cert", null, "FILE", "certificate chain (PEM); required off loopback, unless --behind-proxy");
    public static final Setting TLS_KEY =
            server("tls-key", null, "FILE", "private key of the certificate (PEM, PKCS#8)");
    public static final Setting BEHIND_PROXY =
            server("behind-proxy", "false", "BOOL", "a proxy in front of this server terminates TLS");
    public static final Setting MANAGEMENT_PORT =
            server("management-port", null, "PORT", "separate port for /metrics and /actuator; default: the HTTP port");
    public static final Setting MANAGEMENT_BIND =
            server("management-bind", "127.0.0.1", "ADDRESS", "address of the management port");
    public static final Setting TRUSTED_PROXIES = server(
            "trusted-proxies",
            null,
            "CIDRS",
            "proxies whose X-Forwarded-* headers are trusted; default: loopback and private ranges with --behind-proxy");
    public static final Setting DATA_DIR =
            server("data-dir", "./rung-data", "DIR", "directory of the embedded storage, generated keys and lock file");
    public static final Setting DATABASE_URL = server(
            "database-url",
            null,
            "URL",
            "jdbc:postgresql://…, jdbc:mysql://… or jdbc:mariadb://…; default: embedded storage");
    public static final Setting DATABASE_USER = server("database-user", null, "NAME", "database user");
    public static final Setting DATABASE_PASSWORD =
            server("database-password", null, "TEXT", "password of the database user");
    public static final Setting DATABASE_PASSWORD_FILE =
            server("database-password-file", null, "FILE", "file with the password of the database user");
    public static final Setting RETENTION =
            server("retention", "30d", "DURATION", "how long to keep settled notifications, at least 24h");
    public static final Setting AUDIT_RETENTION =
            server("audit-retention", "400d", "DURATION", "how long to keep the audit log");
    public static final Setting RECORDS_RETENTION = server(
            "records-retention",
            "5y",
            "DURATION",
            "how long to keep payments, refunds, discrepancies and reconciliations, at least 24h; 5y is five years");
    public static final Setting RABBITMQ_URI =
            server("rabbitmq-uri", null, "URI", "amqp:// or amqps://, with one or more comma-separated hosts");
    public static final Setting RABBITMQ_URI_FILE =
            server("rabbitmq-uri-file", null, "FILE", "file with the URI of RabbitMQ");
    public static final Setting DEAD_LETTER_STRATEGY = server(
            "dead-letter-strategy",
            "at-least-once",
            "STRATEGY",
            "at-least-once, or at-most-once (faster, may lose wakes)");
    public static final Setting API_KEY = server(
            "api-key",
            null,
            "KEY",
            "operator key, at least 32 characters; embedded: generated at the first start in the data dir");
    public static final Setting API_KEY_FILE = server("api-key-file", null, "FILE", "file with the operator key");
    public static final Setting VIEWER_KEY =
            server("viewer-key", null, "KEY", "read-only key, without access to secrets");
    public static final Setting VIEWER_KEY_FILE =
            server("viewer-key-file", null, "FILE", "file with the read-only key");
    public static final Setting OIDC_ISSUER =
            server("oidc-issuer", null, "URL", "console sign-in by OpenID Connect: the provider's issuer");
    public static final Setting OIDC_CLIENT_ID =
            server("oidc-client-id", null, "ID", "client id of this server at the provider");
    public static final Setting OIDC_CLIENT_SECRET_FILE =
            server("oidc-client-secret-file", null, "FILE", "file with the client secret; default: a public client");
    public static final Setting OIDC_OPERATORS =
            server("oidc-operators", "", "VALUES", "claim values that grant the role operator");
    public static final Setting OIDC_VIEWERS =
            server("oidc-viewers", "", "VALUES", "claim values that grant the role viewer");
    public static final Setting OIDC_CLAIM =
            server("oidc-claim", "groups", "NAME", "name of the claim that grants the role");
    public static final Setting MASTER_KEY_FILE = server(
            "master-key-file",
            null,
            "FILE",
            "32-byte key that encrypts secrets at rest; embedded: generated in the data dir");
    public static final Setting MASTER_KEY = server("master-key", null, "BASE64", "the same key, as base64");
    public static final Setting ALLOW_TARGETS = server(
            "allow-targets", "", "CIDRS", "loopback, private or special networks that notifications may be sent to");
    public static final Setting PROXY =
            server("proxy", null, "URL", "outbound HTTP proxy, http://[user:password@]host:port");
    public static final Setting MAX_IN_FLIGHT =
            server("max-in-flight", "1024", "N", "maximum number of attempts in flight in this process");
    public static final Setting PLUGINS =
            server("plugins", null, "DIR", "folder of plugin jars: further channels and signing dialects");
    public static final Setting QUERY_LADDER = server(
            "query-ladder", "5s,30s,1m,3m,5m,10m,30m", "STEPS", "waits between compensating queries; the last repeats");
    public static final Setting REFUND_LIMIT = server(
            "refund-limit",
            "",
            "AMOUNTS",
            "refunds above this amount, such as 1000.00 CNY, need a second person's approval; one per currency");
    public static final Setting PUBLIC_URL = server(
            "public-url",
            null,
            "URL",
            "URL where channels, payers and sign-ins reach this server; default: the address printed when ready");
    public static final Setting DRAIN_DELAY =
            server("drain-delay", "0s", "DURATION", "how long /ready answers 503 after SIGTERM before the port closes");
    public static final Setting DRAIN_TIMEOUT =
            server("drain-timeout", "10s", "DURATION", "how long attempts in flight may take after that");
    public static final Setting ALERTS_URL =
            server("alerts-url", null, "URL", "URL that receives alerts: a chat robot, or another webhook receiver");
    public static final Setting ALERTS_FORMAT = server(
            "alerts-format", "standard", "FORMAT", "format of alerts: standard, slack, dingtalk, wecom or feishu");
    public static final Setting ALERTS_SECRET_FILE =
            server("alerts-secret-file", null, "FILE", "file with the secret that signs alerts (not for slack, wecom)");
    public static final Setting OTLP_ENDPOINT = server(
            "otel-exporter-otlp-endpoint", null, "URL", "where traces are sent, by OTLP over HTTP; default: nowhere");
    public static final Setting OTEL_SERVICE_NAME =
            server("otel-service-name", "rung", "NAME", "the name of this server in traces");
    public static final Setting OTEL_SAMPLER = server(
            "otel-traces-sampler",
            "parentbased_always_on",
            "NAME",
            "which traces are recorded: always_on, always_off, traceidratio, or parentbased_ and one of these");
    public static final Setting OTEL_SAMPLER_ARGUMENT =
            server("otel-traces-sampler-arg", "1.0", "RATIO", "of a sampler by ratio, from 0 to 1");
    public static final Setting LOG_FORMAT = server("log-format", "text", "FORMAT", "text or json");

    private static final Set<Setting> SECRETS =
            Set.of(DATABASE_URL, DATABASE_PASSWORD, RABBITMQ_URI, API_KEY, VIEWER_KEY, MASTER_KEY, PROXY, ALERTS_URL);

    /** The variables of OpenTelemetry have no prefix, and no flags. */
    private static final String OPEN_TELEMETRY = "otel-";

    /** Secrets are not given as flags, because process lists show them. */
    private static final Set<Setting> WITHOUT_FLAG = Set.of(DATABASE_USER, DATABASE_PASSWORD, MASTER_KEY);

    private final String key;
    private final @Nullable String defaultText;
    private final String placeholder;
    private final String meaning;

    private Setting(String key, @Nullable String defaultText, String placeholder, String meaning) {
        this.key = key;
        this.defaultText = defaultText;
        this.placeholder = placeholder;
        this.meaning = meaning;
    }

    private static Setting server(String key, @Nullable String defaultText, String placeholder, String meaning) {
        Setting setting = new Setting(key, defaultText, placeholder, meaning);
        SERVER.put(key, setting);
        return setting;
    }

    /** A member of the account with the type's name: {@code alipay-app-id}. */
    public static Setting ofMember(ChannelType type, AccountMember member) {
        return new Setting(
                type.name() + "-" + member.settingName().replace('_', '-'),
                member.defaultText(),
                member.placeholder(),
                member.description());
    }

    /** Whether the account with the type's name is enabled without configuration: {@code simulator}. */
    public static Setting ofType(ChannelType type) {
        return new Setting(
                type.name(),
                null,
                "BOOL",
                "enables the channel \"" + type.name() + "\"; default: on if bound to loopback without --behind-proxy");
    }

    /** All settings, including those of these channel types. */
    public static List<Setting> all(ChannelTypes types) {
        List<Setting> all = new ArrayList<>(SERVER.values());
        for (ChannelType type : types.all()) {
            if (type.existsOnLoopback()) {
                all.add(ofType(type));
            }
            type.members().forEach(member -> all.add(ofMember(type, member)));
        }
        return all;
    }

    /** The key in {@code rung.yaml}. */
    public String key() {
        return key;
    }

    /** The option on the command line. */
    public String flag() {
        return "--" + key;
    }

    /** The environment variable. */
    public String variable() {
        return (key.startsWith(OPEN_TELEMETRY) ? "" : "RUNG_")
                + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The default; empty if there is none or it depends on other settings. */
    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /** The placeholder of the value in the help text. */
    public String placeholder() {
        return placeholder;
    }

    /** The description in the help text. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is a boolean. */
    public boolean isSwitch() {
        return placeholder.equals("BOOL");
    }

    /** Whether its value must never be printed, because it is or may contain a secret. */
    public boolean isSecret() {
        return SECRETS.contains(this);
    }

    /** Whether it has a command line option. */
    public boolean hasFlag() {
        return !WITHOUT_FLAG.contains(this) && !key.startsWith(OPEN_TELEMETRY);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Setting setting && setting.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return key;
    }
}
