package dev.rung.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.channel.alipay.AlipayType;
import dev.rung.channel.wechatpay.WechatpayType;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelSettingsTest {
    private static KeyPair keys;

    @TempDir
    Path folder;

    private final Map<Setting, String> flags = new HashMap<>();

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        keys = rsa(2048);
    }

    private static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static Setting flag(ChannelType type, String member) {
        return type.members().stream()
                .filter(m -> m.name().equals(member))
                .map(m -> Setting.ofMember(type, m))
                .findFirst()
                .orElseThrow();
    }

    private static Setting alipayFlag(String member) {
        return flag(new AlipayType(), member);
    }

    private static Setting wechatpayFlag(String member) {
        return flag(new WechatpayType(), member);
    }

    private ChannelAccount account(String name) {
        return read().channels().stream()
                .map(Settings.Payments.Channel::account)
                .filter(account -> account.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void yaml(String text) throws IOException {
        file("rung.yaml", text);
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
        flags.put(alipayFlag("app_id"), "2021000000000001");
        flags.put(
                alipayFlag("private_key"),
                file("app", Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()) + "\n"));
        flags.put(
                alipayFlag("public_key"),
                file("alipay.pem", pem("PUBLIC KEY", keys.getPublic().getEncoded())));
    }

    private void wechatpay() throws IOException {
        flags.put(wechatpayFlag("app_id"), "wxd678efh567hg6787");
        flags.put(wechatpayFlag("mch_id"), "1900000109");
        flags.put(wechatpayFlag("serial_no"), "5157f09efdc096de15ebe81a47057a7232f1b8e1");
        flags.put(
                wechatpayFlag("private_key"),
                file("apiclient_key.pem", pem("PRIVATE KEY", keys.getPrivate().getEncoded())));
        flags.put(wechatpayFlag("api_v3_key"), file("v3", "0123456789abcdef0123456789ABCDEF\n"));
        flags.put(wechatpayFlag("public_key_id"), "PUB_KEY_ID_0000000000000024101100397200000006");
        flags.put(
                wechatpayFlag("public_key"),
                file("pub_key.pem", pem("PUBLIC KEY", keys.getPublic().getEncoded())));
    }

    @Test
    void alipayExistsWithItsThreeSettings() throws IOException {
        alipay();

        ChannelAccount account = account("alipay");

        assertThat(account.type()).isEqualTo("alipay");
        assertThat(account.get("app_id")).isEqualTo("2021000000000001");
        assertThat(account.find("seller_id")).isEmpty();
        assertThat(account.get("mode")).isEqualTo("precreate");
        assertThat(account.get("gateway")).isEqualTo("https://openapi.alipay.com/gateway.do");
        assertThat(account.get("private_key").strip())
                .isEqualTo(Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()));
        assertThat(account.get("public_key")).startsWith("-----BEGIN PUBLIC KEY-----");
        assertThat(account("wechatpay")).isNull();
    }

    @Test
    void wechatpayExistsWithItsSettings() throws IOException {
        wechatpay();

        ChannelAccount account = account("wechatpay");

        assertThat(account.get("serial_no")).isEqualTo("5157f09efdc096de15ebe81a47057a7232f1b8e1");
        assertThat(account.get("gateway")).isEqualTo("https://api.mch.weixin.qq.com");
        assertThat(account.get("public_key_id")).isEqualTo("PUB_KEY_ID_0000000000000024101100397200000006");
        assertThat(account("alipay")).isNull();
    }

    @Test
    void aTypeHasAnyNumberOfAccountsInTheFile() throws IOException {
        alipay();
        String privateKey = flags.get(alipayFlag("private_key"));
        String publicKey = flags.get(alipayFlag("public_key"));
        flags.clear();
        yaml("""
                port: 8081
                channels:
                  alipay-shanghai: {type: alipay, app_id: "2021000000000001", private_key_file: %1$s, public_key_file: %2$s}
                  alipay-beijing:
                    type: alipay
                    app_id: "2021000000000002"
                    private_key_file: %1$s
                    public_key_file: %2$s
                    mode: page
                """.formatted(privateKey, publicKey));

        assertThat(read().channels().stream().map(c -> c.account().name()))
                .containsExactlyInAnyOrder("alipay-shanghai", "alipay-beijing", "simulator");
        assertThat(account("alipay-beijing").get("mode")).isEqualTo("page");
        assertThat(account("alipay-beijing").get("app_id")).isEqualTo("2021000000000002");
        assertThat(account("alipay-shanghai").get("mode")).isEqualTo("precreate");
        assertThat(account("alipay-shanghai").get("private_key")).isEqualTo(Files.readString(Path.of(privateKey)));
    }

    @Test
    void aFileThatIsNoListOfAccountsStopsTheStart() throws IOException {
        yaml("""
                channels:
                  f: {type: simulator}
                  f: {type: simulator}
                  g: alipay
                """);
        assertThat(problems())
                .containsExactly(
                        "rung.yaml, line 3: channels.f is defined twice",
                        "rung.yaml, line 4: channels.g must hold members such as \"type: TYPE\"");

        yaml("channels: alipay");
        assertThat(problems())
                .containsExactly("rung.yaml, line 1: channels must hold lines such as \"NAME: {type: TYPE, …}\"");
    }

    @Test
    void anUnknownTypeOrMemberIsNamedWithTheNearestKnownOne() throws IOException {
        yaml("""
                channels:
                  a: {type: alipya}
                  b: {type: alipay, app_di: "1", private_key: hunter2}
                  c: {app_id: "1"}
                  "d e": {type: alipay}
                """);
        assertThat(problems())
                .containsExactly(
                        "rung.yaml, line 2: channels.a: unknown type \"alipya\"; did you mean alipay?",
                        "rung.yaml, line 3: channels.b: unknown member \"app_di\"; did you mean app_id?",
                        "rung.yaml, line 3: channels.b.private_key is not a private RSA key in PKCS#8;"
                                + " convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE",
                        "the channel b is incomplete; missing: app_id",
                        "rung.yaml, line 4: channels.c has no type; known are alipay, simulator, wechatpay",
                        "rung.yaml, line 5: channels.d e cannot be the name of a channel:"
                                + " 1 to 32 letters, digits, - and _")
                .noneMatch(problem -> problem.contains("hunter2"));
    }

    @Test
    void anAccountIsDescribedInOnePlace() throws IOException {
        alipay();
        yaml("channels: {alipay: {type: simulator}}");

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("the channel alipay is described twice: under channels, and by --alipay-");
    }

    @Test
    void aFlagOfAnAccountIsTheTypeAndTheMember() throws IOException {
        alipay();
        Map<String, String> environment = Map.of("RUNG_ALIPAY_APP_ID", "2021000000000009", "RUNG_ALIPAY_APP_KEY", "1");
        flags.remove(alipayFlag("app_id"));

        assertThat(alipayFlag("private_key").flag()).isEqualTo("--alipay-private-key-file");
        assertThat(RawSettings.gather(flags, environment, folder, null).text(alipayFlag("app_id")))
                .hasValue("2021000000000009");
        assertThat(RawSettings.gather(flags, environment, folder, null).problems())
                .containsExactly(
                        "environment: unknown setting \"RUNG_ALIPAY_APP_KEY\"; did you mean RUNG_ALIPAY_APP_ID?");
    }

    @Test
    void wechatpaysCertificatesStandForItsPublicKey() throws IOException {
        wechatpay();
        flags.remove(wechatpayFlag("public_key_id"));
        flags.remove(wechatpayFlag("public_key"));
        flags.put(wechatpayFlag("certificates"), file("platform.pem", PLATFORM_CERTIFICATE + PLATFORM_CERTIFICATE));

        assertThat(account("wechatpay").get("certificates")).isEqualTo(PLATFORM_CERTIFICATE + PLATFORM_CERTIFICATE);
    }

    @Test
    void billsAreFetchedAtATimeOfDay() throws IOException {
        alipay();
        assertThat(account("alipay").get("bills")).isEqualTo("10:30");
        yaml("""
                channels:
                  till: {type: simulator, bills: {at: "09:00"}, orders_prefix: pay_}
                  silent: {type: simulator, bills: {at: off}}
                """);
        assertThat(account("till").get("bills")).isEqualTo("09:00");
        assertThat(account("till").get("orders_prefix")).isEqualTo("pay_");
        assertThat(account("silent").get("bills")).isEqualTo("off");
        yaml("""
                channels:
                  till: {type: simulator, bills: {at: noon}}
                """);
        assertThat(problems())
                .containsExactly("rung.yaml, line 2: channels.till.bills \"noon\" is not a time such as 10:30, or off");
    }

    @Test
    void halfAChannelStopsTheStartAndSaysWhatIsMissing() {
        flags.put(alipayFlag("mode"), "page");
        flags.put(wechatpayFlag("mch_id"), "1900000109");
        flags.put(wechatpayFlag("public_key_id"), "PUB_KEY_ID_1");

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "the channel alipay is incomplete; missing: --alipay-app-id, --alipay-private-key-file",
                        "the channel wechatpay is incomplete; missing: --wechatpay-app-id,"
                                + " --wechatpay-serial-no, --wechatpay-private-key-file, --wechatpay-api-v3-key-file");
    }

    @Test
    void alipayNeedsAKeyOrCertificates() throws IOException {
        alipay();
        flags.remove(alipayFlag("public_key"));

        assertThat(problems())
                .containsExactly("the channel alipay: public_key_file is missing,"
                        + " or app_cert_file, alipay_cert_file and root_cert_file");
    }

    @Test
    void wechatpaysPublicKeyHasItsId() throws IOException {
        wechatpay();
        flags.remove(wechatpayFlag("public_key_id"));
        flags.remove(wechatpayFlag("public_key"));

        assertThat(account("wechatpay")).as("its certificates are fetched").isNotNull();

        flags.put(wechatpayFlag("public_key_id"), "PUB_KEY_ID_1");
        assertThat(problems()).containsExactly("the channel wechatpay: public_key_id is given without public_key_file");
    }

    @Test
    void aKeyThatIsNoneStopsTheStartWithoutBeingShown() throws IOException, GeneralSecurityException {
        alipay();
        KeyPair weak = rsa(1024);
        flags.put(
                alipayFlag("public_key"),
                file("weak.pem", pem("PUBLIC KEY", weak.getPublic().getEncoded())));
        flags.put(alipayFlag("private_key"), file("rsa.pem", pem("RSA PRIVATE KEY", new byte[] {1, 2, 3})));
        wechatpay();
        flags.put(wechatpayFlag("api_v3_key"), file("short", "hunter2"));
        flags.put(wechatpayFlag("public_key"), file("garbage", "hunter2!"));

        assertThat(problems())
                .hasSize(4)
                .anyMatch(p -> p.endsWith("weak.pem\" has 1024 bits; at least 2048 are required"))
                .anyMatch(p -> p.endsWith("convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE"))
                .anyMatch(p -> p.endsWith("holds 7 characters, not 32"))
                .anyMatch(p -> p.endsWith("garbage\" is neither PEM nor base64"))
                .noneMatch(p -> p.contains("hunter2"));
    }

    @Test
    void noKeyIsEverPrinted() throws IOException {
        alipay();
        wechatpay();

        assertThat(read().toString())
                .contains("alipay", "wechatpay")
                .doesNotContain("modulus", "0123456789abcdef", "BEGIN PUBLIC KEY");
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
