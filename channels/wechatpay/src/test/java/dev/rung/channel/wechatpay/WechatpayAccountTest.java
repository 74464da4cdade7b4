package dev.rung.channel.wechatpay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.channel.ChannelAccount;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WechatpayAccountTest {
    private static final String PLATFORM_CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIC+zCCAeOgAwIBAgIGLR8ajl93MA0GCSqGSIb3DQEBCwUAMBMxETAPBgNVBAMM
            CHBsYXRmb3JtMCAXDTI2MTEyMzA5MTU0NVoYDzIxMjYxMDMwMDkxNTQ1WjATMREw
            DwYDVQQDDAhwbGF0Zm9ybTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEB
            ALOXJSind4P50n0rhfPCm16yV+HYZ0GgdX12Ko2UAUcRufOfyppwri3qBw0DKnC2
            lKJw/UPQbxuzuAcB18XGCmtReOSABcm8XvlGm+2oat063nIAJxxyNaHxheeCPbUo
            eVaZ3ICxvuK5sFt7oQOVRjyRnX0EKQUq8jq5scSl4Oi1bW69SjViQDVrGiEqcHJr
            LeOsJkPz6h4IndvwEtLaxJLinY7ETDXYNJMD/slMk4xOdVQJ868SGWpVQMzMmL4K
            hqRxo9FyYDpvisYoFeq4YyhvscCKVRH3rDFYXcm7STCqQIIONda1bTPrC9gQwc4k
            AVwDeEie2wKmCfavsFBU8TECAwEAAaNTMFEwHQYDVR0OBBYEFHzfKy6vnyIYXOnR
            UnWa6uSZLbpoMB8GA1UdIwQYMBaAFHzfKy6vnyIYXOnRUnWa6uSZLbpoMA8GA1Ud
            EwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAEWdGh8FQ3m64i33dor4lgQa
            D+HHicrN+5r+eAZzcFjaRQdaug6Ria15H3bhYZvoqNODEZniSiGrvlS7+5kVGeo6
            ElMvfjXln3sGaKbTkHXECauFGBd9SLve48xa753LH1scnXZ035Yo/8eM7/aXF33c
            Fu6nJFEFktVf72x+bW/mZCUUGPfoxJ6VLE6MoMCORPWG1S70dju/qaQcf0C0N26B
            mpGdtmsCBsM6OZEPjMsuRuyKJSPhFE6tR7FKkkpNYZv5r+YY3dyTqQ1I1kqaqtlt
            jeT08Uj/ofVNsdRDHXhS2FpvPrdvDn092ya3SaDmKpMl8Q9PbL5YzWBEiRya9gA=
            -----END CERTIFICATE-----
            """;

    private static WechatpayAccount account(Map<String, String> more) {
        try (FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system())) {
            Map<String, String> members = new HashMap<>(wechatpay.members());
            members.putAll(more);
            return WechatpayAccount.of(ChannelAccount.of(new WechatpayType(), "wechat-1", members));
        }
    }

    @Test
    void thePublicKeyIsKnownByItsIdAndCertificatesByTheirSerialNumbers() {
        assertThat(account(Map.of()).verifiers())
                .extracting(WechatpayAccount.Verifier::serial)
                .containsExactly(FakeWechatpay.KEY_ID);
        assertThat(account(Map.of("certificates", PLATFORM_CERTIFICATE)).verifiers())
                .extracting(WechatpayAccount.Verifier::serial)
                .containsExactly(FakeWechatpay.KEY_ID, "2D1F1A8E5F77");
    }

    @Test
    void serialNumbersAreComparedAsNumbers() {
        WechatpayAccount.Verifier certificate = new WechatpayAccount.Verifier(
                RsaKeys.serial(new BigInteger("0A79D4EC075AD126ED5D20E925507117F5F0C8FA", 16)),
                FakeWechatpay.PLATFORM_KEYS.getPublic(),
                Instant.MAX);
        assertThat(certificate.serial()).isEqualTo("0A79D4EC075AD126ED5D20E925507117F5F0C8FA");
        assertThat(certificate.isNamed("0A79D4EC075AD126ED5D20E925507117F5F0C8FA"))
                .isTrue();
        assertThat(certificate.isNamed("A79D4EC075AD126ED5D20E925507117F5F0C8FA"))
                .isTrue();
        assertThat(certificate.isNamed("0a79d4ec075ad126ed5d20e925507117f5f0c8fa"))
                .isTrue();
        assertThat(certificate.isNamed("A79D4EC075AD126ED5D20E925507117F5F0C8FB"))
                .isFalse();
    }

    @Test
    void theSerialNumberIsWrittenInUpperCase() {
        WechatpayAccount account = account(Map.of("serial_no", "5157f09efdc096de15ebe81a47057a7232f1b8e1"));

        assertThat(account.serialNo()).isEqualTo("5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
        assertThat(account.name()).isEqualTo("wechat-1");
    }

    @Test
    void theCertificateThatExpiresLastIsAskedForWhateverItsSerialNumber() {
        PublicKey key = FakeWechatpay.PLATFORM_KEYS.getPublic();
        WechatpayAccount both = account(Map.of());
        WechatpayAccount account = new WechatpayAccount(
                both.name(),
                both.appId(),
                both.mchId(),
                both.serialNo(),
                both.privateKey(),
                both.apiV3Key(),
                List.of(
                        new WechatpayAccount.Verifier("FF", key, Instant.parse("2027-01-01T00:00:00Z")),
                        new WechatpayAccount.Verifier("0A", key, Instant.parse("2031-01-01T00:00:00Z"))),
                null,
                both.gateway());
        WechatpayKeys keys = new WechatpayKeys(
                account,
                deadline -> new Reply.None("not fetched"),
                FakeWechatpay.NO_FILE,
                () -> Instant.parse("2026-11-23T04:00:00Z"));
        assertThat(keys.preferredSerial()).contains("0A");
    }
}
