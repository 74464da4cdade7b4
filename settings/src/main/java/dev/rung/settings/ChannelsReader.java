package dev.rung.settings;

import dev.rung.channel.alipay.AlipayAccount;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.wechatpay.WechatpayAccount;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The channels' part of {@link SettingsReader}: a channel exists when all that it needs is given; half of it stops the start. */
final class ChannelsReader {
    private static final int API_V3_KEY_BYTES = 32;
    private static final int FILE_BYTES_MAX = 256 * 1024;

    private final SettingsReader reader;

    ChannelsReader(SettingsReader reader) {
        this.reader = reader;
    }

    @Nullable AlipayAccount alipay() {
        String appId = reader.nullable(Setting.ALIPAY_APP_ID, ChannelsReader::id);
        String sellerId = reader.nullable(Setting.ALIPAY_SELLER_ID, ChannelsReader::id);
        PrivateKey privateKey = reader.nullable(Setting.ALIPAY_PRIVATE_KEY_FILE, in(RsaKeys::privateKey));
        PublicKey publicKey = reader.nullable(Setting.ALIPAY_PUBLIC_KEY_FILE, in(RsaKeys::publicKey));
        AlipayAccount.Mode mode = reader.value(
                Setting.ALIPAY_MODE,
                AlipayAccount.Mode.PRECREATE,
                t -> SettingsReader.constant(t, AlipayAccount.Mode.class));
        URI gateway = reader.nullableOrDefault(Setting.ALIPAY_GATEWAY, ChannelsReader::webAddress);
        boolean whole = isWhole(
                "alipay",
                List.of(Setting.ALIPAY_APP_ID, Setting.ALIPAY_PRIVATE_KEY_FILE, Setting.ALIPAY_PUBLIC_KEY_FILE),
                List.of());
        return whole && appId != null && privateKey != null && publicKey != null && gateway != null
                ? new AlipayAccount(appId, sellerId, privateKey, publicKey, mode, gateway)
                : null;
    }

    @Nullable WechatpayAccount wechatpay() {
        String appId = reader.nullable(Setting.WECHATPAY_APP_ID, ChannelsReader::id);
        String mchId = reader.nullable(Setting.WECHATPAY_MCH_ID, ChannelsReader::id);
        String serialNo = reader.nullable(Setting.WECHATPAY_SERIAL_NO, ChannelsReader::serialNo);
        PrivateKey privateKey = reader.nullable(Setting.WECHATPAY_PRIVATE_KEY_FILE, in(RsaKeys::privateKey));
        SecretKey apiV3Key = reader.nullable(Setting.WECHATPAY_API_V3_KEY_FILE, in(ChannelsReader::apiV3Key));
        URI gateway = reader.nullableOrDefault(Setting.WECHATPAY_GATEWAY, ChannelsReader::webAddress);
        Map<String, PublicKey> verifiers = wechatpayVerifiers();
        boolean whole = isWhole(
                "wechatpay",
                List.of(
                        Setting.WECHATPAY_APP_ID,
                        Setting.WECHATPAY_MCH_ID,
                        Setting.WECHATPAY_SERIAL_NO,
                        Setting.WECHATPAY_PRIVATE_KEY_FILE,
                        Setting.WECHATPAY_API_V3_KEY_FILE),
                wechatpayKeysMissing());
        return whole
                        && appId != null
                        && mchId != null
                        && serialNo != null
                        && privateKey != null
                        && apiV3Key != null
                        && gateway != null
                        && !verifiers.isEmpty()
                ? new WechatpayAccount(appId, mchId, serialNo, privateKey, apiV3Key, verifiers, gateway)
                : null;
    }

    private Map<String, PublicKey> wechatpayVerifiers() {
        Map<String, PublicKey> verifiers = new HashMap<>();
        String publicKeyId = reader.nullable(Setting.WECHATPAY_PUBLIC_KEY_ID, ChannelsReader::id);
        PublicKey publicKey = reader.nullable(Setting.WECHATPAY_PUBLIC_KEY_FILE, in(RsaKeys::publicKey));
        if (publicKeyId != null && publicKey != null) {
            verifiers.put(publicKeyId, publicKey);
        }
        List<X509Certificate> certificates =
                reader.nullable(Setting.WECHATPAY_CERTIFICATES_FILE, in(RsaKeys::certificates));
        for (X509Certificate certificate : certificates == null ? List.<X509Certificate>of() : certificates) {
            verifiers.put(RsaKeys.serial(certificate.getSerialNumber()), certificate.getPublicKey());
        }
        return verifiers;
    }

    /** Either the public key with its id, or certificates. */
    private List<String> wechatpayKeysMissing() {
        boolean id = reader.isGiven(Setting.WECHATPAY_PUBLIC_KEY_ID);
        boolean key = reader.isGiven(Setting.WECHATPAY_PUBLIC_KEY_FILE);
        if (id != key) {
            return List.of((id ? Setting.WECHATPAY_PUBLIC_KEY_FILE : Setting.WECHATPAY_PUBLIC_KEY_ID).flag());
        }
        return id || reader.isGiven(Setting.WECHATPAY_CERTIFICATES_FILE)
                ? List.of()
                : List.of(Setting.WECHATPAY_PUBLIC_KEY_ID.flag() + " with "
                        + Setting.WECHATPAY_PUBLIC_KEY_FILE.flag() + " (or "
                        + Setting.WECHATPAY_CERTIFICATES_FILE.flag() + ")");
    }

    /** Whether all that is needed is given; notes a problem where something is, and something else is not. */
    private boolean isWhole(String channel, List<Setting> needed, List<String> alsoMissing) {
        if (Arrays.stream(Setting.values()).noneMatch(s -> s.key().startsWith(channel + "-") && reader.isGiven(s))) {
            return false;
        }
        List<String> missing = new ArrayList<>(needed.stream()
                .filter(s -> !reader.isGiven(s))
                .map(Setting::flag)
                .toList());
        missing.addAll(alsoMissing);
        if (!missing.isEmpty()) {
            reader.problem("the channel " + channel + " is only half described; missing: "
                    + missing.stream().collect(Collectors.joining(", ")));
        }
        return missing.isEmpty();
    }

    /** Parses what a file holds. */
    private static <T> Function<String, T> in(Function<String, T> parse) {
        return text -> {
            Path file = SettingsReader.readableFile(text);
            try {
                if (Files.size(file) > FILE_BYTES_MAX) {
                    throw new IllegalArgumentException("is too large to be a key");
                }
                return parse.apply(Files.readString(file, StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot be read: " + e, e);
            }
        };
    }

    private static SecretKey apiV3Key(String text) {
        byte[] key = text.strip().getBytes(StandardCharsets.ISO_8859_1);
        if (key.length != API_V3_KEY_BYTES) {
            throw new IllegalArgumentException("holds " + key.length + " characters, not " + API_V3_KEY_BYTES);
        }
        return new SecretKeySpec(key, "AES");
    }

    private static String id(String text) {
        if (!text.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("is not an id of letters and digits");
        }
        return text;
    }

    private static String serialNo(String text) {
        if (!text.matches("[0-9A-Fa-f]{8,64}")) {
            throw new IllegalArgumentException("is not a serial number in hexadecimal");
        }
        return text.toUpperCase(Locale.ROOT);
    }

    /** An http or https URL without query or fragment; a slash at its end is taken off. */
    static URI webAddress(String text) {
        URI uri;
        try {
            uri = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a URL", e);
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("is not of the form https://host or https://host/path");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("must not have a query or a fragment");
        }
        return uri;
    }
}
