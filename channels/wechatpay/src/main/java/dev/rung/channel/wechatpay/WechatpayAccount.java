package dev.rung.channel.wechatpay;

import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;
import javax.crypto.SecretKey;

/**
 * A merchant at WeChat Pay: who we are there, and by which keys we and they are known. Never prints a key.
 *
 * @param serialNo of the merchant's API certificate, hexadecimal
 * @param privateKey of that certificate
 * @param apiV3Key opens what notifications carry: 32 bytes
 * @param verifiers WeChat Pay's keys by what {@code Wechatpay-Serial} calls them: a public key's id, or the serial number of a platform certificate
 */
public record WechatpayAccount(
        String appId,
        String mchId,
        String serialNo,
        PrivateKey privateKey,
        SecretKey apiV3Key,
        Map<String, PublicKey> verifiers,
        URI gateway) {

    public WechatpayAccount {
        verifiers = Map.copyOf(verifiers);
    }

    @Override
    public String toString() {
        return "WechatpayAccount[" + mchId + " at " + gateway + "]";
    }
}
