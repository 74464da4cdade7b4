package dev.rung.channel.alipay;

import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.MemberChecks;
import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * An Alipay app with its private key and Alipay's public key. {@code toString} contains no keys.
 *
 * @param name the channel account's name
 * @param sellerId the seller id that callbacks must carry; null: any
 * @param privateKey the app's private key
 * @param publicKey Alipay's public key
 */
public record AlipayAccount(
        String name,
        String appId,
        @Nullable String sellerId,
        PrivateKey privateKey,
        PublicKey publicKey,
        Mode mode,
        URI gateway) {

    static AlipayAccount of(ChannelAccount account) {
        return new AlipayAccount(
                account.name(),
                account.get("app_id"),
                account.find("seller_id").orElse(null),
                RsaKeys.privateKey(account.get("private_key")),
                RsaKeys.publicKey(account.get("public_key")),
                MemberChecks.constant(account.get("mode"), Mode.class),
                MemberChecks.webAddress(account.get("gateway")));
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
