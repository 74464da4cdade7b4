package dev.rung.channel.alipay;

import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.MemberChecks;
import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An Alipay app with its private key, and what proves Alipay's answers. {@code toString} contains no keys.
 *
 * @param name the channel account's name
 * @param sellerId the seller id that callbacks must carry; null: any
 * @param privateKey the app's private key
 * @param appAuthToken the authorization of the merchant that it takes payments for as a service provider; null: for itself
 * @param trust Alipay's public key, or certificates
 */
public record AlipayAccount(
        String name,
        String appId,
        @Nullable String sellerId,
        PrivateKey privateKey,
        @Nullable String appAuthToken,
        Trust trust,
        Mode mode,
        URI gateway) {

    static AlipayAccount of(ChannelAccount account) {
        return new AlipayAccount(
                account.name(),
                account.get("app_id"),
                account.find("seller_id").orElse(null),
                RsaKeys.privateKey(account.get("private_key")),
                account.find("app_auth_token").map(AlipayAccount::appAuthToken).orElse(null),
                trust(account),
                MemberChecks.constant(account.get("mode"), Mode.class),
                MemberChecks.webAddress(account.get("gateway")));
    }

    /** Checks an authorization, which a file may end with a line feed. */
    static String appAuthToken(String text) {
        String token = text.strip();
        if (!token.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new IllegalArgumentException("is not an app_auth_token of letters and digits");
        }
        return token;
    }

    private static Trust trust(ChannelAccount account) {
        return account.find("public_key")
                .<Trust>map(text -> new Trust.Key(RsaKeys.publicKey(text)))
                .orElseGet(() -> new Trust.Certificates(AlipayCertificates.of(
                        account.get("app_cert"), account.get("alipay_cert"), account.get("root_cert"))));
    }

    /** The mode of signing that was chosen for the app at Alipay (接口加签方式). */
    sealed interface Trust {
        /** 公钥. */
        record Key(PublicKey publicKey) implements Trust {}

        /** 公钥证书. */
        record Certificates(AlipayCertificates certificates) implements Trust {}
    }

    /** Its certificates, in the certificate mode. */
    Optional<AlipayCertificates> certificates() {
        return trust instanceof Trust.Certificates(AlipayCertificates certificates)
                ? Optional.of(certificates)
                : Optional.empty();
    }

    /** The default method of paying. */
    public enum Mode {
        /** {@code alipay.trade.precreate}: the pay URL is shown as a QR code and scanned. */
        PRECREATE,
        /** {@code alipay.trade.page.pay}: the pay URL is a page that the payer's browser opens. */
        PAGE
    }

    @Override
    public String toString() {
        return "AlipayAccount[" + appId + " at " + gateway + "]";
    }
}
