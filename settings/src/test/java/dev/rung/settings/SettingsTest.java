package dev.rung.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.alerts.AlertFormat;
import dev.rung.alerts.AlertSettings;
import dev.rung.channel.simulator.SimulatorType;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.delivery.http.Cidr;
import dev.rung.payments.model.RefundLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String KEY_32 = Base64.getEncoder().encodeToString(new byte[32]);

    private static final Setting SIMULATOR = Setting.ofType(new SimulatorType());

    @TempDir
    Path folder;

    private Map<Setting, String> flags;
    private Map<String, String> environment;

    @BeforeEach
    void nothingIsSet() {
        flags = new HashMap<>();
        environment = new HashMap<>();
    }

    private Settings read() {
        return SettingsReader.read(RawSettings.gather(flags, environment, folder, null));
    }

    private static List<String> channels(Settings settings) {
        return settings.payments().channels().stream()
                .map(channel -> channel.account().name())
                .toList();
    }

    private List<String> problems() {
        return catchThrowableOfType(InvalidSettings.class, this::read).problems();
    }

    private void file(String... lines) throws IOException {
        Files.write(folder.resolve("rung.yaml"), List.of(lines));
    }

    @Test
    void everyDefaultIsThis() {
        Settings settings = read();

        assertThat(settings.listen().port()).isEqualTo(8080);
        assertThat(settings.listen().bind().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.listen().tls()).isNull();
        assertThat(settings.listen().behindProxy()).isFalse();
        assertThat(settings.management()).isNull();
        assertThat(settings.storage().dataDir()).isEqualTo(Path.of("rung-data").toAbsolutePath());
        assertThat(settings.storage().isEmbedded()).isTrue();
        assertThat(settings.storage().retention()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.storage().auditRetention()).isEqualTo(Duration.ofDays(400));
        assertThat(settings.storage().recordsRetention()).isEqualTo(Duration.ofDays(5 * 365));
        assertThat(settings.queue().rabbitmqUri()).isNull();
        assertThat(settings.queue().deadLetterStrategy()).isEqualTo(DeadLetterStrategy.AT_LEAST_ONCE);
        assertThat(settings.access().apiKey()).isNull();
        assertThat(settings.access().viewerKey()).isNull();
        assertThat(settings.access().masterKey()).isNull();
        assertThat(settings.access().oidc()).isNull();
        assertThat(settings.egress().allowTargets()).isEmpty();
        assertThat(settings.egress().proxy()).isNull();
        assertThat(settings.egress().maxInFlight()).isEqualTo(1024);
        assertThat(channels(settings)).containsExactly("simulator");
        assertThat(settings.payments().queryLadder()).isEqualTo(Ladder.of("5s", "30s", "1m", "3m", "5m", "10m", "30m"));
        assertThat(settings.payments().refundLimits()).isEqualTo(RefundLimits.NONE);
        assertThat(settings.payments().publicUrl()).isNull();
        assertThat(settings.alerts()).isNull();
        assertThat(settings.logFormat()).isEqualTo(Settings.LogFormat.TEXT);
        assertThat(settings.drain()).isEqualTo(new Settings.Drain(Duration.ZERO, Duration.ofSeconds(10)));
        for (Setting setting : Setting.all(settings.payments().types())) {
            assertThat(settings.origin(setting)).isEqualTo(new SettingOrigin.Default());
        }
    }

    @Test
    void signInByOpenIdConnectNeedsAProviderAClientAndSomeoneWhoMaySignIn() throws IOException {
        flags.put(Setting.OIDC_CLIENT_ID, "rung");
        assertThat(problems()).containsExactly("--oidc-client-id \"rung\" requires --oidc-issuer");
        flags.remove(Setting.OIDC_CLIENT_ID);
        flags.put(Setting.OIDC_ISSUER, "https://id.example/");
        assertThat(problems())
                .containsExactly(
                        "--oidc-client-id is required with --oidc-issuer",
                        "--oidc-operators or --oidc-viewers is required with --oidc-issuer: no one could sign in");
        flags.put(Setting.OIDC_CLIENT_ID, "rung");
        flags.put(Setting.OIDC_OPERATORS, "payments, ops");
        flags.put(
                Setting.OIDC_CLIENT_SECRET_FILE,
                Files.writeString(folder.resolve("secret"), "s3cret\n").toString());
        Settings.Oidc oidc = read().access().oidc();
        assertThat(oidc)
                .isEqualTo(new Settings.Oidc(
                        "https://id.example/",
                        "rung",
                        new Secret("s3cret"),
                        Set.of("payments", "ops"),
                        Set.of(),
                        "groups"));
        assertThat(oidc.toString()).doesNotContain("s3cret");
        flags.put(Setting.OIDC_ISSUER, "id.example");
        assertThat(problems()).singleElement().asString().startsWith("--oidc-issuer \"id.example\" is not");
    }

    @Test
    void alertsHaveAUrlAFormatAndASecretOfTheFormat() throws IOException {
        String secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=";
        flags.put(Setting.ALERTS_FORMAT, "slack");
        assertThat(problems()).containsExactly("--alerts-format \"slack\" requires --alerts-url");
        flags.put(Setting.ALERTS_URL, "https://hooks.slack.example/services/T1/B2?k=s3cret");
        AlertSettings alerts = read().alerts();
        assertThat(alerts)
                .isEqualTo(new AlertSettings(
                        "https://hooks.slack.example/services/T1/B2?k=s3cret", AlertFormat.SLACK, null));
        assertThat(alerts.toString()).doesNotContain("s3cret");
        Path file = Files.writeString(folder.resolve("alerts"), "SECabc\n");
        flags.put(Setting.ALERTS_SECRET_FILE, file.toString());
        assertThat(problems()).singleElement().asString().endsWith("does not apply: the format slack has no signature");
        flags.put(Setting.ALERTS_FORMAT, "dingtalk");
        assertThat(read().alerts().secret()).isEqualTo("SECabc");
        flags.put(Setting.ALERTS_FORMAT, "standard");
        assertThat(problems()).singleElement().asString().contains("is not a secret of Standard Webhooks");
        Files.writeString(file, secret);
        assertThat(read().alerts().secret()).isEqualTo(secret);
        flags.put(Setting.ALERTS_FORMAT, "teams");
        assertThat(problems()).isNotEmpty();
        flags.put(Setting.ALERTS_FORMAT, "standard");
        flags.put(Setting.ALERTS_URL, "ftp://s3cret.example/");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--alerts-url ")
                .doesNotContain("s3cret");
    }

    @Test
    void theManagementPortIsAnotherThanTheHttpPort() {
        flags.put(Setting.MANAGEMENT_PORT, "9090");
        Settings.Management management = read().management();
        assertThat(management.port()).isEqualTo(9090);
        assertThat(management.bind().isLoopbackAddress()).isTrue();

        flags.put(Setting.PORT, "9090");
        assertThatThrownBy(this::read).hasMessageContaining("--management-port");
        flags.put(Setting.MANAGEMENT_PORT, "0");
        assertThatThrownBy(this::read).hasMessageContaining("--management-port");
    }

    @Test
    void recordsAreKeptForYearsOrForADuration() {
        flags.put(Setting.RECORDS_RETENTION, "10y");
        assertThat(read().storage().recordsRetention()).isEqualTo(Duration.ofDays(3_650));
        flags.put(Setting.RECORDS_RETENTION, "90d");
        assertThat(read().storage().recordsRetention()).isEqualTo(Duration.ofDays(90));
        for (String wrong : List.of("0y", "100y", "1y6d", "1h")) {
            flags.put(Setting.RECORDS_RETENTION, wrong);
            assertThatThrownBy(this::read).hasMessageContaining("--records-retention \"" + wrong + "\"");
        }
    }

    @Test
    void aFlagComesBeforeAVariableAndAVariableBeforeTheFile() throws IOException {
        file("port: 1", "retention: 2d", "max-in-flight: 64");
        environment.put("RUNG_PORT", "2");
        environment.put("RUNG_RETENTION", "3d");
        flags.put(Setting.PORT, "3");

        Settings settings = read();

        assertThat(settings.listen().port()).isEqualTo(3);
        assertThat(settings.storage().retention()).isEqualTo(Duration.ofDays(3));
        assertThat(settings.egress().maxInFlight()).isEqualTo(64);
        assertThat(settings.origin(Setting.PORT)).hasToString("--port");
        assertThat(settings.origin(Setting.RETENTION)).hasToString("the environment variable RUNG_RETENTION");
        assertThat(settings.origin(Setting.MAX_IN_FLIGHT)).hasToString("rung.yaml, line 3");
    }

    @ParameterizedTest
    @CsvSource({
        "RUNG_PROT, RUNG_PORT",
        "RUNG_DATABSE_URL, RUNG_DATABASE_URL",
        "RUNG_RABBIT_URI, RUNG_RABBITMQ_URI",
        "RUNG_ALLOWTARGETS, RUNG_ALLOW_TARGETS"
    })
    void anUnknownVariableIsNamedWithTheNearestKnownOne(String unknown, String nearest) {
        environment.put(unknown, "1");

        assertThat(problems())
                .containsExactly("environment: unknown setting \"" + unknown + "\"; did you mean " + nearest + "?");
    }

    @Test
    void anUnknownKeyOfTheFileIsNamedWithItsLine() throws IOException {
        file("# ours", "api_key: 1", "zzz: 2");

        assertThat(problems())
                .containsExactly(
                        "rung.yaml, line 2: unknown setting \"api_key\"; did you mean api-key?",
                        "rung.yaml, line 3: unknown setting \"zzz\"");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws IOException {
        file("port: eighty");
        environment.put("RUNG_LOG_FORMAT", "xml");
        flags.put(Setting.RETENTION, "1h");
        flags.put(Setting.MAX_IN_FLIGHT, "0");

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "--port (from rung.yaml, line 1) \"eighty\" must be a number from 0 to 65535",
                        "--log-format (from the environment variable RUNG_LOG_FORMAT) \"xml\" is not one of text, json",
                        "--retention \"1h\" must be at least 24h, the lifetime of idempotency keys",
                        "--max-in-flight \"0\" must be a number from 4 to 100000");
    }

    @Test
    void aProxyMayAskForAPasswordWhichIsNeverShown() {
        environment.put("RUNG_PROXY", "http://rung:tea-and-toast@proxy.example:3128");
        assertThat(read().egress().proxy()).hasToString("proxy.example:3128");
        assertThat(read().toString()).doesNotContain("tea-and-toast");

        environment.put("RUNG_PROXY", "http://rung:tea-and-toast@proxy.example");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--proxy (from the environment variable RUNG_PROXY) must be of the form http://host:port")
                .doesNotContain("tea-and-toast");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://rung:tea-and-toast@db/rung",
                "jdbc:postgresql://db:port/rung?password=tea-and-toast",
                "jdbc:postgresql://rung:tea-and-toast@db/rung",
                "jdbc:mysql://db:port/rung?password=tea-and-toast",
                "jdbc:mariadb://rung:tea-and-toast@db"
            })
    void aDatabaseUrlThatIsNoneStopsTheStartAndIsNotRepeated(String url) {
        flags.put(Setting.DATABASE_URL, url);
        environment.put("RUNG_API_KEY", "an-operators-key-with-32-letters");
        environment.put("RUNG_MASTER_KEY", KEY_32);
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--database-url ")
                .contains("jdbc:")
                .doesNotContain("tea-and-toast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqp://u:tea-and-toast@", "amqp://u:tea-and-toast@m q/"})
    void aBrokersUriThatIsNoneStopsTheStartAndIsNotRepeated(String uri) {
        flags.put(Setting.RABBITMQ_URI, uri);
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--rabbitmq-uri ")
                .contains("RabbitMQ URI")
                .doesNotContain("tea-and-toast");
    }

    @Test
    void plainHttpToTheWorldStopsTheStart() {
        flags.put(Setting.BIND, "0.0.0.0");

        assertThat(problems())
                .singleElement()
                .asString()
                .contains("--bind \"0.0.0.0\"", "--tls-cert", "--behind-proxy");

        flags.put(Setting.BEHIND_PROXY, "true");
        assertThat(read().listen().behindProxy()).isTrue();
    }

    @Test
    void aCertificateNeedsItsKey() throws IOException {
        Path pem = Files.writeString(folder.resolve("cert.pem"), "-");
        flags.put(Setting.TLS_CERT, pem.toString());
        assertThat(problems()).containsExactly("--tls-cert and --tls-key must be set together");

        flags.put(Setting.TLS_KEY, folder.resolve("absent.pem").toString());
        assertThat(problems()).singleElement().asString().endsWith("absent.pem\" is not a file");

        flags.put(Setting.TLS_KEY, pem.toString());
        flags.put(Setting.BIND, "0.0.0.0");
        assertThat(read().listen().tls()).isEqualTo(new Settings.Listen.Tls(pem, pem));
    }

    @Test
    void withADatabaseTheKeysMustBeGiven() {
        flags.put(Setting.DATABASE_URL, "jdbc:postgresql://db/rung");

        assertThat(problems()).hasSize(2).anyMatch(p -> p.contains("API key")).anyMatch(p -> p.contains("master key"));

        environment.put("RUNG_API_KEY", KEY_32);
        environment.put("RUNG_MASTER_KEY", KEY_32);
        assertThat(read().storage().isEmbedded()).isFalse();
    }

    @Test
    void theSimulatorIsOffWhereOthersCanReachIt() {
        flags.put(Setting.BIND, "0.0.0.0");
        flags.put(Setting.BEHIND_PROXY, "true");
        assertThat(channels(read())).isEmpty();

        flags.put(SIMULATOR, "true");
        assertThat(channels(read())).containsExactly("simulator");

        flags.remove(SIMULATOR);
        flags.remove(Setting.BIND);
        assertThat(channels(read())).as("on loopback, but behind a proxy").isEmpty();

        flags.remove(Setting.BEHIND_PROXY);
        flags.put(SIMULATOR, "false");
        assertThat(channels(read())).isEmpty();
    }

    @Test
    void anOperatorsKeyHasAtLeast32Characters() {
        flags.put(Setting.API_KEY, "a".repeat(31));
        assertThat(problems()).singleElement().asString().startsWith("--api-key is too short");
        flags.put(Setting.API_KEY, "a".repeat(32));
        assertThat(read().access().apiKey()).isEqualTo(new Secret("a".repeat(32)));
    }

    @Test
    void aViewersKeyThatCanBeGuessedIsRefusedWhereOthersCanTry() {
        flags.put(Setting.VIEWER_KEY, "secret");
        assertThat(read().access().viewerKey()).isEqualTo(new Secret("secret"));

        flags.put(Setting.BIND, "0.0.0.0");
        flags.put(Setting.BEHIND_PROXY, "true");
        assertThat(problems()).singleElement().asString().startsWith("--viewer-key is too short");
    }

    @Test
    void secretsAreReadFromFiles() throws IOException {
        environment.put("RUNG_API_KEY_FILE", secretFile("api", "a".repeat(40) + "\n"));
        flags.put(Setting.VIEWER_KEY_FILE, secretFile("viewer", "viewer-key-from-a-file\n"));
        environment.put("RUNG_DATABASE_PASSWORD_FILE", secretFile("password", "s3cret\n"));
        environment.put("RUNG_RABBITMQ_URI_FILE", secretFile("uri", "amqp://broker/\n"));
        environment.put("RUNG_DATABASE_URL", "jdbc:postgresql://db/rung");
        environment.put("RUNG_MASTER_KEY", KEY_32);

        Settings settings = read();

        assertThat(settings.access().apiKey()).isEqualTo(new Secret("a".repeat(40)));
        assertThat(settings.access().viewerKey()).isEqualTo(new Secret("viewer-key-from-a-file"));
        assertThat(settings.storage().store().password()).isEqualTo("s3cret");
        assertThat(settings.queue().rabbitmqUri()).isEqualTo(new Secret("amqp://broker/"));
    }

    @Test
    void aSecretIsGivenOnceAndItsFileMustHoldIt() throws IOException {
        environment.put("RUNG_API_KEY_FILE", secretFile("api", "a".repeat(40)));
        environment.put("RUNG_API_KEY", "b".repeat(40));
        assertThat(problems()).singleElement().asString().endsWith("must not be set together");
        flags.put(Setting.API_KEY, "c".repeat(40));
        assertThat(read().access().apiKey()).isEqualTo(new Secret("c".repeat(40)));
        flags.remove(Setting.API_KEY);
        environment.remove("RUNG_API_KEY");
        environment.put("RUNG_API_KEY_FILE", secretFile("short", "hunter2"));
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("names a file whose content is too short")
                .doesNotContain("hunter2");
        environment.put("RUNG_API_KEY_FILE", secretFile("empty", "\n"));
        assertThat(problems()).singleElement().asString().endsWith("names an empty file");
    }

    private String secretFile(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void proxiesAreTrustedWhereOneIsExpected() {
        assertThat(read().listen().trustedProxies()).isEmpty();
        flags.put(Setting.BEHIND_PROXY, "true");
        assertThat(read().listen().trustedProxies())
                .anyMatch(network -> network.contains(InetAddress.ofLiteral("10.1.2.3")))
                .noneMatch(network -> network.contains(InetAddress.ofLiteral("203.0.113.7")));
        flags.put(Setting.TRUSTED_PROXIES, "203.0.113.7");
        assertThat(read().listen().trustedProxies()).hasToString("[203.0.113.7/32]");
    }

    @Test
    void drainingTakesBetweenASecondAndTenMinutes() {
        flags.put(Setting.DRAIN_TIMEOUT, "500ms");
        flags.put(Setting.DRAIN_DELAY, "11m");
        assertThat(problems()).hasSize(2).allMatch(p -> p.contains("must be between"));
        flags.put(Setting.DRAIN_TIMEOUT, "60s");
        flags.put(Setting.DRAIN_DELAY, "5s");
        assertThat(read().drain()).isEqualTo(new Settings.Drain(Duration.ofSeconds(5), Duration.ofSeconds(60)));
    }

    @Test
    void aMasterKeyIsReadFromItsFileAsBytesOrAsBase64() throws IOException {
        Path file = folder.resolve("master");
        flags.put(Setting.MASTER_KEY_FILE, file.toString());

        Files.write(file, new byte[32]);
        assertThat(read().access().masterKey()).isEqualTo(new Secret(KEY_32));

        Files.writeString(file, KEY_32 + "\n");
        assertThat(read().access().masterKey()).isEqualTo(new Secret(KEY_32));

        Files.writeString(file, "AAAA");
        assertThat(problems()).singleElement().asString().endsWith("has 3 bytes instead of 32");
    }

    @Test
    void networksAreReadFromTextOrList() throws IOException {
        file("allow-targets:", "  - 127.0.0.0/8", "  - fd00::/8");
        assertThat(read().egress().allowTargets()).containsExactly(Cidr.parse("127.0.0.0/8"), Cidr.parse("fd00::/8"));

        environment.put("RUNG_ALLOW_TARGETS", "10.0.0.0/8, 192.168.1.7");
        assertThat(read().egress().allowTargets())
                .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("192.168.1.7/32"));

        environment.put("RUNG_ALLOW_TARGETS", "10.0.0.1/8");
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("\"10.0.0.1/8\" has bits set beyond its first 8; use either 10.0.0.0/8");
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        environment.put("RUNG_PROXY", "");
        environment.put("RUNG_PORT", "");

        assertThat(read().egress().proxy()).isNull();
        assertThat(read().listen().port()).isEqualTo(8080);
    }

    @Test
    void whatKubernetesSetsForAServiceIsExplained() {
        environment.put("RUNG_PORT", "tcp://10.0.0.1:80");
        environment.put("RUNG_SERVICE_HOST", "10.0.0.1");

        assertThat(problems()).hasSize(2).allMatch(p -> p.contains("enableServiceLinks: false"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: [80, {a: b}]|rung.yaml, line 1: port must be a list of plain texts",
                "port: {a: b}|rung.yaml, line 1: port must be a text or a list of texts",
                "- port|rung.yaml, line 1: expected lines such as \"port: 8080\"",
                "port: !!javax.script.ScriptEngineManager [x]|rung.yaml, line 1: not readable as YAML: Global tag is not allowed"
            })
    void aFileThatIsNoneStopsTheStart(String text, String problem) throws IOException {
        file(text);

        assertThat(problems()).singleElement().asString().contains(problem);
    }

    @Test
    void aKeyThatStandsTwiceStopsTheStart() throws IOException {
        file("port: 1", "port: 2");

        assertThat(problems()).containsExactly("rung.yaml, line 2: port is set twice");
    }

    @Test
    void aNamedFileMustBeThere() {
        environment.put("RUNG_CONFIG", "other.yaml");

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("RUNG_CONFIG")
                .endsWith("cannot be read");
    }

    @Test
    void noSecretIsEverPrinted() {
        environment.put("RUNG_API_KEY", "hunter2hunter2hunter2hunter2hunter2");
        environment.put("RUNG_MASTER_KEY", KEY_32);
        environment.put("RUNG_DATABASE_PASSWORD", "hunter2");
        flags.put(Setting.DATABASE_URL, "jdbc:postgresql://db/rung?password=hunter2");
        flags.put(Setting.RABBITMQ_URI, "amqp://u:hunter2@mq");
        assertThat(read().toString()).doesNotContain("hunter2", KEY_32);

        environment.put("RUNG_MASTER_KEY", "hunter2");
        flags.put(Setting.RABBITMQ_URI, "http://u:hunter2@mq");
        assertThatThrownBy(this::read)
                .message()
                .contains("--rabbitmq-uri", "master-key")
                .doesNotContain("hunter2");
        assertThat(RawSettings.gather(flags, environment, folder, null).toString())
                .doesNotContain("hunter2");
    }
}
