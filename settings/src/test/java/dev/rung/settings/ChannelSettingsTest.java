package dev.rung.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.channel.alipay.AlipayAccount;
import dev.rung.channel.wechatpay.WechatpayAccount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelSettingsTest {
    private static KeyPair keys;

    @TempDir
    Path folder;

    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        keys = rsa(2048);
    }

    private static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private Settings.Payments read() {
        return SettingsReader.read(RawSettings.gather(flags, Map.of(), folder, null))
                .payments();
    }

    private List<String> problems() {
        return catchThrowableOfType(InvalidSettings.class, this::read).problems();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private void alipay() throws IOException {
        flags.put(Setting.ALIPAY_APP_ID, "2021000000000001");
        flags.put(
                Setting.ALIPAY_PRIVATE_KEY_FILE,
                file("app", Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()) + "\n"));
        flags.put(
                Setting.ALIPAY_PUBLIC_KEY_FILE,
                file("alipay.pem", pem("PUBLIC KEY", keys.getPublic().getEncoded())));
    }

    private void wechatpay() throws IOException {
        flags.put(Setting.WECHATPAY_APP_ID, "wxd678efh567hg6787");
        flags.put(Setting.WECHATPAY_MCH_ID, "1900000109");
        flags.put(Setting.WECHATPAY_SERIAL_NO, "5157f09efdc096de15ebe81a47057a7232f1b8e1");
        flags.put(
                Setting.WECHATPAY_PRIVATE_KEY_FILE,
                file("apiclient_key.pem", pem("PRIVATE KEY", keys.getPrivate().getEncoded())));
        flags.put(Setting.WECHATPAY_API_V3_KEY_FILE, file("v3", "0123456789abcdef0123456789ABCDEF\n"));
        flags.put(Setting.WECHATPAY_PUBLIC_KEY_ID, "PUB_KEY_ID_0000000000000024101100397200000006");
        flags.put(
                Setting.WECHATPAY_PUBLIC_KEY_FILE,
                file("pub_key.pem", pem("PUBLIC KEY", keys.getPublic().getEncoded())));
    }

    @Test
    void alipayExistsWithItsThreeSettings() throws IOException {
        alipay();

        AlipayAccount account = read().alipay();

        assertThat(account.appId()).isEqualTo("2021000000000001");
        assertThat(account.sellerId()).isNull();
        assertThat(account.mode()).isEqualTo(AlipayAccount.Mode.PRECREATE);
        assertThat(account.gateway()).isEqualTo(URI.create("https://openapi.alipay.com/gateway.do"));
        assertThat(account.privateKey()).isEqualTo(keys.getPrivate());
        assertThat(account.publicKey()).isEqualTo(keys.getPublic());
        assertThat(read().wechatpay()).isNull();
    }

    @Test
    void wechatpayExistsWithItsSettings() throws IOException {
        wechatpay();

        WechatpayAccount account = read().wechatpay();

        assertThat(account.serialNo()).isEqualTo("5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
        assertThat(account.gateway()).isEqualTo(URI.create("https://api.mch.weixin.qq.com"));
        assertThat(account.verifiers())
                .containsExactly(Map.entry("PUB_KEY_ID_0000000000000024101100397200000006", keys.getPublic()));
        assertThat(read().alipay()).isNull();
    }

    @Test
    void wechatpaysCertificatesAreKnownByTheirSerialNumbers() throws IOException {
        wechatpay();
        flags.remove(Setting.WECHATPAY_PUBLIC_KEY_ID);
        flags.remove(Setting.WECHATPAY_PUBLIC_KEY_FILE);
        flags.put(
                Setting.WECHATPAY_CERTIFICATES_FILE, file("platform.pem", PLATFORM_CERTIFICATE + PLATFORM_CERTIFICATE));

        assertThat(read().wechatpay().verifiers()).containsOnlyKeys("2D1F1A8E5F77");
    }

    @Test
    void halfAChannelStopsTheStartAndSaysWhatIsMissing() {
        flags.put(Setting.ALIPAY_MODE, "page");
        flags.put(Setting.WECHATPAY_MCH_ID, "1900000109");
        flags.put(Setting.WECHATPAY_PUBLIC_KEY_ID, "PUB_KEY_ID_1");

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "the channel alipay is only half described; missing: --alipay-app-id,"
                                + " --alipay-private-key-file, --alipay-public-key-file",
                        "the channel wechatpay is only half described; missing: --wechatpay-app-id,"
                                + " --wechatpay-serial-no, --wechatpay-private-key-file, --wechatpay-api-v3-key-file,"
                                + " --wechatpay-public-key-file");
    }

    @Test
    void wechatpayNeedsSomethingToVerifyWith() throws IOException {
        wechatpay();
        flags.remove(Setting.WECHATPAY_PUBLIC_KEY_ID);
        flags.remove(Setting.WECHATPAY_PUBLIC_KEY_FILE);

        assertThat(problems())
                .containsExactly("the channel wechatpay is only half described; missing: --wechatpay-public-key-id"
                        + " with --wechatpay-public-key-file (or --wechatpay-certificates-file)");
    }

    @Test
    void aKeyThatIsNoneStopsTheStartWithoutBeingShown() throws IOException, GeneralSecurityException {
        alipay();
        KeyPair weak = rsa(1024);
        flags.put(
                Setting.ALIPAY_PUBLIC_KEY_FILE,
                file("weak.pem", pem("PUBLIC KEY", weak.getPublic().getEncoded())));
        flags.put(Setting.ALIPAY_PRIVATE_KEY_FILE, file("rsa.pem", pem("RSA PRIVATE KEY", new byte[] {1, 2, 3})));
        wechatpay();
        flags.put(Setting.WECHATPAY_API_V3_KEY_FILE, file("short", "hunter2"));
        flags.put(Setting.WECHATPAY_PUBLIC_KEY_FILE, file("garbage", "hunter2!"));

        assertThat(problems())
                .hasSize(4)
                .anyMatch(p -> p.endsWith("weak.pem\" has 1024 bits: at least 2048 are needed"))
                .anyMatch(p -> p.endsWith("convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE"))
                .anyMatch(p -> p.endsWith("holds 7 characters, not 32"))
                .anyMatch(p -> p.endsWith("garbage\" holds neither PEM nor base64"))
                .noneMatch(p -> p.contains("hunter2"));
    }

    @Test
    void noKeyIsEverPrinted() throws IOException {
        alipay();
        wechatpay();

        assertThat(read().toString())
                .contains("2021000000000001", "1900000109")
                .doesNotContain("modulus", "0123456789abcdef");
    }

    @Test
    void thePublicUrlIsKeptWithoutASlashAtItsEnd() {
        flags.put(Setting.PUBLIC_URL, "https://pay.example/rung/");
        assertThat(read().publicUrl()).isEqualTo(URI.create("https://pay.example/rung"));

        for (String wrong : List.of("pay.example", "ftp://pay.example", "https://pay.example/?a=b", "https://u@h/")) {
            flags.put(Setting.PUBLIC_URL, wrong);
            assertThat(problems()).singleElement().asString().startsWith("--public-url \"" + wrong + "\" ");
        }
    }

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
}
