package dev.rung.settings;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of all settings, in the order of the help text. */
public enum Setting {
    PORT("port", "8080", "PORT", "HTTP port; 0 for any free port, which is printed"),
    BIND("bind", "127.0.0.1", "ADDRESS", "address to listen on"),
    TLS_CERT("tls-cert", null, "FILE", "certificate chain (PEM); required off loopback, unless --behind-proxy"),
    TLS_KEY("tls-key", null, "FILE", "private key of the certificate (PEM, PKCS#8)"),
    BEHIND_PROXY("behind-proxy", "false", "BOOL", "a proxy in front of this server terminates TLS"),
    DATA_DIR("data-dir", "./rung-data", "DIR", "directory of the embedded storage, generated keys and lock file"),
    DATABASE_URL("database-url", null, "URL", "jdbc:postgresql://…; default: embedded storage"),
    DATABASE_USER("database-user", null, "NAME", "database user"),
    DATABASE_PASSWORD("database-password", null, "TEXT", "password of the database user"),
    RETENTION("retention", "30d", "DURATION", "how long to keep settled notifications, at least 24h"),
    RABBITMQ_URI("rabbitmq-uri", null, "URI", "amqp:// or amqps://, with one or more comma-separated hosts"),
    DEAD_LETTER_STRATEGY(
            "dead-letter-strategy",
            "at-least-once",
            "STRATEGY",
            "at-least-once, or at-most-once (faster, may lose wakes)"),
    API_KEY("api-key", null, "KEY", "operator key; embedded: generated at the first start in the data dir"),
    VIEWER_KEY("viewer-key", null, "KEY", "read-only key, without access to secrets"),
    MASTER_KEY_FILE(
            "master-key-file",
            null,
            "FILE",
            "32-byte key that encrypts secrets at rest; embedded: generated in the data dir"),
    MASTER_KEY("master-key", null, "BASE64", "the same key, as base64"),
    ALLOW_TARGETS(
            "allow-targets", "", "CIDRS", "loopback, private or special networks that notifications may be sent to"),
    PROXY("proxy", null, "URL", "outbound HTTP proxy, http://[user:password@]host:port"),
    MAX_IN_FLIGHT("max-in-flight", "1024", "N", "maximum of attempts in flight in this process"),
    SIMULATOR("simulator", null, "BOOL", "enables the channel \"simulator\"; default: on if bound to loopback"),
    QUERY_LADDER(
            "query-ladder", "5s,30s,1m,3m,5m,10m,30m", "STEPS", "waits between compensating queries; the last repeats"),
    PUBLIC_URL(
            "public-url",
            null,
            "URL",
            "URL where channels and payers reach this server; default: the address printed when ready"),
    ALIPAY_APP_ID("alipay-app-id", null, "ID", "app id at Alipay; with the two keys it enables the channel \"alipay\""),
    ALIPAY_PRIVATE_KEY_FILE("alipay-private-key-file", null, "FILE", "private key of the app (PKCS#8: PEM or base64)"),
    ALIPAY_PUBLIC_KEY_FILE(
            "alipay-public-key-file", null, "FILE", "public key of Alipay (PEM or base64), not of the app"),
    ALIPAY_SELLER_ID("alipay-seller-id", null, "ID", "seller id that Alipay's callbacks must contain; default: any"),
    ALIPAY_MODE(
            "alipay-mode", "precreate", "MODE", "precreate: pay_url is the content of a QR code; page: a payment page"),
    ALIPAY_GATEWAY("alipay-gateway", "https://openapi.alipay.com/gateway.do", "URL", "Alipay's gateway"),
    WECHATPAY_APP_ID(
            "wechatpay-app-id",
            null,
            "ID",
            "app id at WeChat; with the settings below it enables the channel \"wechatpay\""),
    WECHATPAY_MCH_ID("wechatpay-mch-id", null, "ID", "merchant number at WeChat Pay"),
    WECHATPAY_SERIAL_NO("wechatpay-serial-no", null, "HEX", "serial number of the merchant's API certificate"),
    WECHATPAY_PRIVATE_KEY_FILE(
            "wechatpay-private-key-file", null, "FILE", "private key of that certificate (apiclient_key.pem)"),
    WECHATPAY_API_V3_KEY_FILE("wechatpay-api-v3-key-file", null, "FILE", "APIv3 key (32 characters)"),
    WECHATPAY_PUBLIC_KEY_ID("wechatpay-public-key-id", null, "ID", "id of WeChat Pay's public key, PUB_KEY_ID_…"),
    WECHATPAY_PUBLIC_KEY_FILE("wechatpay-public-key-file", null, "FILE", "WeChat Pay's public key (pub_key.pem)"),
    WECHATPAY_CERTIFICATES_FILE(
            "wechatpay-certificates-file",
            null,
            "FILE",
            "WeChat Pay's platform certificates (PEM, one or more), instead of or beside the public key"),
    WECHATPAY_GATEWAY("wechatpay-gateway", "https://api.mch.weixin.qq.com", "URL", "WeChat Pay's gateway"),
    LOG_FORMAT("log-format", "text", "FORMAT", "text or json");

    private final String key;
    private final @Nullable String defaultText;
    private final String placeholder;
    private final String meaning;

    Setting(String key, @Nullable String defaultText, String placeholder, String meaning) {
        this.key = key;
        this.defaultText = defaultText;
        this.placeholder = placeholder;
        this.meaning = meaning;
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
        return "RUNG_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
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
        return switch (this) {
            case DATABASE_URL, DATABASE_PASSWORD, RABBITMQ_URI, API_KEY, VIEWER_KEY, MASTER_KEY, PROXY -> true;
            default -> false;
        };
    }

    /** Whether it has a command line option; secrets have none, because process lists show options. */
    public boolean hasFlag() {
        return this != DATABASE_USER && this != DATABASE_PASSWORD && this != MASTER_KEY;
    }
}
