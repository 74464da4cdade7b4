package dev.rung.settings;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of everything that can be set: one constant a setting, in the order in which they are explained. */
public enum Setting {
    PORT("port", "8080", "PORT", "HTTP port; 0 picks a free one and prints it"),
    BIND("bind", "127.0.0.1", "ADDRESS", "address to listen on"),
    TLS_CERT("tls-cert", null, "FILE", "certificate chain (PEM); needed off loopback, unless --behind-proxy"),
    TLS_KEY("tls-key", null, "FILE", "private key of the certificate (PEM, PKCS#8)"),
    BEHIND_PROXY("behind-proxy", "false", "BOOL", "a proxy in front of this server speaks TLS"),
    DATA_DIR("data-dir", "./rung-data", "DIR", "embedded storage, generated keys, a lock"),
    DATABASE_URL("database-url", null, "URL", "jdbc:postgresql://…; without it the embedded storage is used"),
    DATABASE_USER("database-user", null, "NAME", "the database's user"),
    DATABASE_PASSWORD("database-password", null, "TEXT", "the user's password"),
    RETENTION("retention", "30d", "DURATION", "how long settled notifications are kept, at least 24h"),
    RABBITMQ_URI("rabbitmq-uri", null, "URI", "amqp:// or amqps://, several comma-separated hosts allowed"),
    DEAD_LETTER_STRATEGY(
            "dead-letter-strategy", "at-least-once", "STRATEGY", "at-least-once, or at-most-once: faster, loses wakes"),
    API_KEY("api-key", null, "KEY", "the operator's key; embedded: generated at first start in the data dir"),
    VIEWER_KEY("viewer-key", null, "KEY", "a key that reads everything but secrets and changes nothing"),
    MASTER_KEY_FILE(
            "master-key-file",
            null,
            "FILE",
            "32 bytes that encrypt secrets at rest; embedded: generated in the data dir"),
    MASTER_KEY("master-key", null, "BASE64", "the same 32 bytes, as base64"),
    ALLOW_TARGETS(
            "allow-targets",
            "",
            "CIDRS",
            "networks that may be notified although they are loopback, private or special"),
    PROXY("proxy", null, "URL", "outbound HTTP proxy, http://[user:password@]host:port"),
    MAX_IN_FLIGHT("max-in-flight", "1024", "N", "attempts under way at once in this process"),
    SIMULATOR("simulator", null, "BOOL", "whether the channel \"simulator\" exists; on when bound to loopback"),
    QUERY_LADDER("query-ladder", "5s,30s,1m,3m,5m,10m,30m", "STEPS", "the query's waits; the last repeats"),
    PUBLIC_URL(
            "public-url",
            null,
            "URL",
            "where channels and payers reach this server; else the address it prints when it is ready"),
    ALIPAY_APP_ID(
            "alipay-app-id", null, "ID", "the app's id at Alipay: with the two keys it makes the channel \"alipay\""),
    ALIPAY_PRIVATE_KEY_FILE("alipay-private-key-file", null, "FILE", "the app's private key (PKCS#8: PEM or base64)"),
    ALIPAY_PUBLIC_KEY_FILE(
            "alipay-public-key-file", null, "FILE", "Alipay's public key (PEM or base64), not the app's"),
    ALIPAY_SELLER_ID("alipay-seller-id", null, "ID", "the seller that Alipay's callbacks must name; else any"),
    ALIPAY_MODE("alipay-mode", "precreate", "MODE", "precreate: pay_url is shown as a QR code; page: a page to go to"),
    ALIPAY_GATEWAY("alipay-gateway", "https://openapi.alipay.com/gateway.do", "URL", "Alipay's gateway"),
    WECHATPAY_APP_ID("wechatpay-app-id", null, "ID", "the app's id at WeChat: first of those that make \"wechatpay\""),
    WECHATPAY_MCH_ID("wechatpay-mch-id", null, "ID", "the merchant's number at WeChat Pay"),
    WECHATPAY_SERIAL_NO("wechatpay-serial-no", null, "HEX", "the serial number of the merchant's API certificate"),
    WECHATPAY_PRIVATE_KEY_FILE(
            "wechatpay-private-key-file", null, "FILE", "the private key of that certificate (apiclient_key.pem)"),
    WECHATPAY_API_V3_KEY_FILE("wechatpay-api-v3-key-file", null, "FILE", "the APIv3 key: 32 characters"),
    WECHATPAY_PUBLIC_KEY_ID("wechatpay-public-key-id", null, "ID", "the id of WeChat Pay's public key, PUB_KEY_ID_…"),
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

    /** As {@code rung.yaml} spells it. */
    public String key() {
        return key;
    }

    /** As the command line spells it. */
    public String flag() {
        return "--" + key;
    }

    /** As the environment spells it. */
    public String variable() {
        return "RUNG_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What holds when nothing is set; empty where that depends on other settings or means "none". */
    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /** What stands for a value in a help text. */
    public String placeholder() {
        return placeholder;
    }

    /** One line for a person. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is on or off. */
    public boolean isSwitch() {
        return placeholder.equals("BOOL");
    }

    /** Whether its value must never be shown: it is a secret, or may hold one. */
    public boolean isSecret() {
        return switch (this) {
            case DATABASE_URL, DATABASE_PASSWORD, RABBITMQ_URI, API_KEY, VIEWER_KEY, MASTER_KEY, PROXY -> true;
            default -> false;
        };
    }

    /** Whether there is a flag: a secret that only a start script knows does not belong into a list of processes. */
    public boolean hasFlag() {
        return this != DATABASE_USER && this != DATABASE_PASSWORD && this != MASTER_KEY;
    }
}
