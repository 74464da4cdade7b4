package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.MemberChecks;
import dev.rung.payments.model.SubMerchant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A WeChat Pay merchant with its keys and WeChat Pay's public keys. {@code toString} contains no keys.
 *
 * @param name the channel account's name
 * @param serialNo serial number of the merchant's API certificate, hexadecimal
 * @param privateKey the private key of that certificate
 * @param apiV3Key decrypts the resource of notifications; 32 bytes
 * @param subMerchant whom it takes payments for as a service provider, unless a payment says another; null: for itself
 * @param verifiers WeChat Pay's keys in the settings; others may be fetched
 */
public record WechatpayAccount(
        String name,
        String appId,
        String mchId,
        String serialNo,
        PrivateKey privateKey,
        SecretKey apiV3Key,
        List<Verifier> verifiers,
        @Nullable SubMerchant subMerchant,
        URI gateway) {

    private static final int API_V3_KEY_BYTES = 32;

    public WechatpayAccount {
        verifiers = List.copyOf(verifiers);
    }

    /**
     * A key that WeChat Pay signs with.
     *
     * @param serial as {@code Wechatpay-Serial} names it: a public key's id, or the serial number of a platform certificate
     * @param expiresAt of a certificate; null for a public key
     */
    record Verifier(String serial, PublicKey key, @Nullable Instant expiresAt) {
        static Verifier of(X509Certificate certificate) {
            return new Verifier(
                    RsaKeys.serial(certificate.getSerialNumber()),
                    certificate.getPublicKey(),
                    certificate.getNotAfter().toInstant());
        }

        boolean isExpired(Instant at) {
            return expiresAt != null && expiresAt.isBefore(at);
        }

        /** Serial numbers are compared as numbers: with or without leading zeros, in either case. */
        boolean isNamed(String other) {
            return serial.equals(other)
                    || expiresAt != null && canonical(serial).equals(canonical(other));
        }

        private static String canonical(String serial) {
            return serial.toUpperCase(Locale.ROOT).replaceFirst("^0+", "");
        }
    }

    /** Whether it verifies by a public key, and by certificates only while it changes to that. */
    boolean hasPublicKey() {
        return verifiers.stream().anyMatch(verifier -> verifier.expiresAt() == null);
    }

    static WechatpayAccount of(ChannelAccount account) {
        List<Verifier> verifiers = new ArrayList<>();
        account.find("public_key_id")
                .ifPresent(id -> verifiers.add(new Verifier(id, RsaKeys.publicKey(account.get("public_key")), null)));
        account.find("certificates")
                .ifPresent(pem -> RsaKeys.certificates(pem).forEach(c -> verifiers.add(Verifier.of(c))));
        return new WechatpayAccount(
                account.name(),
                account.get("app_id"),
                account.get("mch_id"),
                serialNo(account.get("serial_no")),
                RsaKeys.privateKey(account.get("private_key")),
                apiV3Key(account.get("api_v3_key")),
                verifiers,
                account.find("sub_mchid")
                        .map(id -> new SubMerchant(id, account.find("sub_appid").orElse(null)))
                        .orElse(null),
                MemberChecks.webAddress(account.get("gateway")));
    }

    static String serialNo(String text) {
        if (!text.matches("[0-9A-Fa-f]{8,64}")) {
            throw new IllegalArgumentException("is not a serial number in hexadecimal");
        }
        return text.toUpperCase(Locale.ROOT);
    }

    static SecretKey apiV3Key(String text) {
        byte[] key = text.strip().getBytes(StandardCharsets.ISO_8859_1);
        if (key.length != API_V3_KEY_BYTES) {
            throw new IllegalArgumentException("holds " + key.length + " characters, not " + API_V3_KEY_BYTES);
        }
        return new SecretKeySpec(key, "AES");
    }

    @Override
    public String toString() {
        return "WechatpayAccount[" + mchId + " at " + gateway + "]";
    }
}
