package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.TestMerchant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The toy bank and the dialect of {@code examples}: their jars in the plugins folder of a server process, and nothing else. */
class PluginIT {
    private static final String KEY = "an-operators-key-of-32-characters";

    @TempDir
    Path folder;

    private final HttpClient payer = HttpClient.newHttpClient();
    private final TestMerchant shop = new TestMerchant();
    private Path plugins;
    private RungProcess process;
    private ApiTestClient operator;
    private String merchant;

    @BeforeEach
    void copyThePlugin() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.copy(Path.of(System.getProperty("toybank.jar")), plugins.resolve("toybank.jar"));
        Files.copy(Path.of(System.getProperty("xmldialect.jar")), plugins.resolve("xmldialect.jar"));
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.close();
        }
        shop.close();
        payer.close();
    }

    private void start(String queryLadder) {
        process = new RungProcess(
                folder,
                Map.of("RUNG_API_KEY", KEY),
                "--plugins",
                "plugins",
                "--allow-targets",
                "127.0.0.0/8",
                "--query-ladder",
                queryLadder);
        operator = process.caller(process.ready(), KEY);
        merchant = operator.post("/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"}")
                .expect(201)
                .at("/id");
    }

    private String placed(String channel, String number) {
        String id = operator.post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                         "channel":"%s"}""".formatted(merchant, number, channel))
                .expect(201)
                .at("/id");
        await().until(() -> !operator.get("/v1/payments/" + id).at("/state").equals("created"));
        return id;
    }

    private void choose(String payment, String choice) throws Exception {
        URI page =
                URI.create(operator.get("/v1/payments/" + payment).expect(200).at("/pay_url"));
        assertThat(payer.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("two teas", "12.30 CNY", "value=\"" + choice + "\"");
        HttpRequest form = HttpRequest.newBuilder(page)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("choice=" + choice))
                .build();
        assertThat(payer.send(form, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(303);
    }

    private void awaitState(String payment, String state) {
        await().untilAsserted(() ->
                assertThat(operator.get("/v1/payments/" + payment).at("/state")).isEqualTo(state));
        await().untilAsserted(() -> assertThat(shop.received())
                .anyMatch(r -> r.body().contains(payment) && r.body().contains("\"state\":\"" + state + "\"")));
    }

    private String timeline(String payment) {
        return operator.get("/v1/payments/" + payment + "/timeline").expect(200).text();
    }

    private Cli.Run reconcile() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("rung-data/channels/toybank"))) {
            Path bill =
                    files.filter(f -> f.toString().endsWith(".csv")).findFirst().orElseThrow();
            Cli cli = new Cli(folder);
            cli.environment.put("RUNG_API_KEY", KEY);
            return cli.run(
                    "reconcile", "--channel", "toybank", "--file", bill.toString(), "--plugins", plugins.toString());
        }
    }

    @Test
    void withThePluginAloneAPaymentIsPaidCalledBackRescuedAndReconciled() throws Exception {
        start("2s");

        String paid = placed("toybank", "T1");
        choose(paid, "pay");
        awaitState(paid, "succeeded");
        assertThat(timeline(paid)).contains("\"kind\":\"callback\"");

        String lost = placed("toybank", "T2");
        choose(lost, "pay-and-lose-callback");
        awaitState(lost, "succeeded");
        assertThat(timeline(lost)).contains("\"kind\":\"query\"").doesNotContain("\"kind\":\"callback\"");

        String refused = placed("toybank", "T3");
        choose(refused, "refuse");
        awaitState(refused, "failed");

        String closed = placed("toybank", "T4");
        operator.post("/v1/payments/" + closed + "/close").expect(200);
        awaitState(closed, "closed");

        Cli.Run agreed = reconcile();
        assertThat(agreed.err()).isEmpty();
        assertThat(agreed.out()).contains("2 paid on the bill, 2 paid in Rung", "No differences.");
        assertThat(agreed.code()).isZero();
    }

    @Test
    void anAccountOfTheFilePaysByItself() throws Exception {
        Files.writeString(folder.resolve("rung.yaml"), """
                channels:
                  toy-shanghai: {type: toybank, pay_after: 1s}
                """);
        start("1h");

        awaitState(placed("toy-shanghai", "T1"), "succeeded");
        String byPage = placed("toybank", "T2");
        choose(byPage, "pay");
        awaitState(byPage, "succeeded");
        aMerchantIsNotifiedInTheDialectOfAPlugin();
    }

    private void aMerchantIsNotifiedInTheDialectOfAPlugin() {
        String settings = "{\"name\":\"Noodle Bar\",\"notify_url\":\"" + shop.url()
                + "\",\"signing\":\"%s\",\"signing_secret\":\"whsec_MTkyMDA2MjUwYjRjMDkyNDdlYzAyZWRjZTY5ZjZhMmQ=\"}";
        operator.post("/v1/merchants", settings.formatted("xml")).expectInvalid("signing");
        String noodles = operator.post("/v1/merchants", settings.formatted("xml-md5"))
                .expect(201)
                .at("/id");
        assertThat(operator.get("/v1/merchants/" + noodles).expect(200).at("/signing"))
                .isEqualTo("xml-md5");
        operator.post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + noodles
                                + "\",\"payload\":{\"total_fee\":1230,\"body\":\"two <teas> & caf\u00e9\",\"paid\":true}}")
                .expect(202);
        await().untilAsserted(() -> assertThat(shop.received())
                .anyMatch(r -> r.body()
                        .equals(
                                "<xml><body>two &lt;teas&gt; &amp; caf\u00e9</body><paid>true</paid><total_fee>1230</total_fee>"
                                        + "<sign>7F022B91B8C0D70883ADBBED8EC69B3E</sign></xml>")));
        operator.post("/v1/notifications", "{\"merchant_id\":\"" + noodles + "\",\"payload\":[1]}")
                .expectInvalid("payload");
    }

    @Test
    void whatTheBankKnowsOutlivesTheServer() throws Exception {
        start("5s");
        String paid = placed("toybank", "T1");
        choose(paid, "pay-and-lose-callback");
        process.kill();
        process.close();

        start("5s");
        awaitState(paid, "succeeded");
    }

    @Test
    void aBrokenPluginStopsTheStart() throws IOException {
        Files.writeString(plugins.resolve("broken.jar"), "not a jar");
        process = new RungProcess(folder, Map.of(), "--plugins", "plugins");

        assertThat(process.exitCode()).isEqualTo(2);
        assertThat(process.errors()).contains("--plugins \"plugins\" contains broken.jar, which is not a readable jar");
    }
}
