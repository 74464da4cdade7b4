package dev.rung.channel.alipay;

import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * An app at Alipay: who we are there, and by which keys we and they are known. Never prints a key.
 *
 * @param sellerId whom callbacks must name; null: any seller
 * @param privateKey the app's
 * @param publicKey Alipay's
 */
public record AlipayAccount(
        String appId, @Nullable String sellerId, PrivateKey privateKey, PublicKey publicKey, Mode mode, URI gateway) {

    /** How the payer gets to paying. */
    public enum Mode {
        /** {@code alipay.trade.precreate}: the pay URL is shown as a QR code and scanned. */
        PRECREATE,
        /** {@code alipay.trade.page.pay}: the pay URL is a page that the payer's browser goes to. */
        PAGE
    }

    @Override
    public String toString() {
        return "AlipayAccount[" + appId + " at " + gateway + "]";
    }
}
