package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.core.port.StoreException;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.server.wiring.StartupException;
import dev.rung.settings.Setting;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.spi.TableSource;
import dev.rung.testing.MariaDbServer;
import dev.rung.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung migrate}: an embedded data dir with everything in it continues in PostgreSQL and in MariaDB. */
class MigrateIT {
    private static final String OWN_KEY = "{\"name\":\"alice\",\"role\":\"operator\"}";

    @TempDir
    static Path folder;

    /** What the API showed before, by path. */
    private static final Map<String, JsonNode> BEFORE = new TreeMap<>();

    private static Path dataDir;
    private static String merchant;
    private static String paused;
    private static String waiting;
    private static String once;
    private static String key;
    private static String cursor;

    @BeforeAll
    static void fillADataDir() {
        dataDir = folder.resolve("embedded");
        try (ServerFixture old = new ServerFixture(dataDir)) {
            old.operator.put("/v1/ladders/slow", "{\"steps\":[\"20h\"]}").expect(200);
            merchant = old.merchant(",\"ladder\":\"slow\",\"headers\":{\"x-shop\":\"1\"},\"rate\":2.5");
            old.operator
                    .post(
                            "/v1/merchants/" + merchant + "/endpoints",
                            "{\"name\":\"books\",\"url\":\"" + old.shop.url() + "\",\"events\":[\"payment.*\"]}")
                    .expect(201);
            old.operator
                    .post("/v1/merchants/" + merchant + "/rotate-secret", "{\"overlap\":\"24h\"}")
                    .expect(200);
            old.operator.post("/v1/channels", "{\"name\":\"bank\",\"type\":\"simulator\"}");
            key = old.operator.post("/v1/keys", OWN_KEY).expect(201).at("/key");

            paused = old.merchant(",\"signing\":\"rsa2-form\"");
            old.operator.post("/v1/merchants/" + paused + "/pause").expect(200);
            waiting = old.send(paused, "{\"amount\":12.30}");
            once = accept(old.operator).expect(202).at("/id");
            old.settled(once);
            String ordered =
                    "{\"merchant_id\":\"%s\",\"payload\":1,\"order_no\":\"O1\",\"ordered\":true,\"deliver_at\":\"2099-01-01T00:00:00Z\"}"
                            .formatted(merchant);
            String first =
                    old.operator.post("/v1/notifications", ordered).expect(202).at("/id");
            String second =
                    old.operator.post("/v1/notifications", ordered).expect(202).at("/id");
            old.shop.answer(500);
            String failing = old.send(merchant, "\"nul \\u0000 茶\"");
            await().until(() -> old.operator
                    .get("/v1/notifications/" + failing)
                    .at("/attempts_made")
                    .equals("1"));
            old.shop.answer(200);
            String payment = pay(old);
            String refund = old.operator
                    .post(
                            "/v1/payments/" + payment + "/refunds",
                            "{\"out_refund_no\":\"R1\",\"amount\":{\"value\":230,\"currency\":\"CNY\"},\"reason\":\"cold\"}")
                    .expect(201)
                    .at("/id");
            await().until(() ->
                    old.operator.get("/v1/refunds/" + refund).at("/state").equals("succeeded"));
            List<String> told = List.of("payment.succeeded", "refund.succeeded");
            await().until(() -> list(old.operator, "/v1/notifications?state=delivered&limit=100")
                            .valueStream()
                            .filter(n -> told.contains(n.get("event_type").asString("")))
                            .count()
                    == 3);
            cursor = old.operator.get("/v1/events?merchant_id=" + merchant).at("/next_cursor");
            for (String path : List.of(
                    "/v1/merchants/" + merchant,
                    "/v1/merchants/" + paused,
                    "/v1/merchants/" + merchant + "/endpoints",
                    "/v1/notifications/" + waiting,
                    "/v1/notifications/" + once,
                    "/v1/notifications/" + first,
                    "/v1/notifications/" + second,
                    "/v1/notifications/" + failing,
                    "/v1/notifications?limit=100",
                    "/v1/notifications?order_no=O1",
                    "/v1/notifications?state=waiting&merchant_id=" + merchant,
                    "/v1/events?merchant_id=" + merchant,
                    "/v1/payments/" + payment,
                    "/v1/payments/" + payment + "/timeline",
                    "/v1/refunds/" + refund,
                    "/v1/ladders",
                    "/v1/audit?action=merchant.pause",
                    "/v1/discrepancies")) {
                BEFORE.put(path, shown(old.operator, path));
            }
        }
    }

    private static TestResponse accept(ApiTestClient operator) {
        byte[] body = ("{\"merchant_id\":\"" + merchant
                        + "\",\"payload\":{\"tea\":\"green\"},\"event_type\":\"tea.made\"}")
                .getBytes(StandardCharsets.UTF_8);
        return operator.send("POST", "/v1/notifications", body, Map.of("Idempotency-Key", "tea-1"));
    }

    private static String pay(ServerFixture server) {
        String payment = server.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"T1","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                         "channel":"simulator","channel_options":{"outcome":"succeeds","pay_after":"0s","refund_after":"0s"}}""".formatted(merchant))
                .expect(201)
                .at("/id");
        await().until(() ->
                server.operator.get("/v1/payments/" + payment).at("/state").equals("succeeded"));
        return payment;
    }

    private static JsonNode list(ApiTestClient caller, String path) {
        return caller.get(path).expect(200).json().get("data");
    }

    /** Without what a server knows only while it runs, and without cursors, which differ in form. */
    private static JsonNode shown(ApiTestClient caller, String path) {
        JsonNode shown = caller.get(path).expect(200).json();
        for (String name : List.of("health", "cursor", "next_cursor")) {
            shown.findParents(name).forEach(parent -> ((ObjectNode) parent).remove(name));
        }
        return shown;
    }

    private static String database(String kind) {
        if (kind.equals("postgresql")) {
            PostgresServer postgres = PostgresServer.shared();
            return postgres.createDatabase() + "?user=" + postgres.user() + "&password=" + postgres.password();
        }
        return MariaDbServer.shared().createDatabase() + "&user="
                + MariaDbServer.shared().user();
    }

    private static Cli.Run migrate(String url) {
        return new Cli(folder).run("migrate", "--to", url, "--data-dir", dataDir.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void everythingContinuesInTheDatabase(String kind) {
        String url = database(kind);

        Cli.Run run = migrate(url);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("--master-key-file " + dataDir.resolve("master-key"), "Everything is copied to jdbc:" + kind)
                .doesNotContain("password=");
        Map<Setting, String> settings = Map.of(
                Setting.DATABASE_URL,
                url,
                Setting.MASTER_KEY_FILE,
                dataDir.resolve("master-key").toString());
        try (ServerFixture server = new ServerFixture(folder.resolve(kind), settings)) {
            BEFORE.forEach((path, before) ->
                    assertThat(shown(server.operator, path)).as(path).isEqualTo(before));
            assertThat(server.caller(key).get("/v1/ladders").status()).isEqualTo(200);
            assertThat(accept(server.operator).expect(200).at("/id")).isEqualTo(once);
            assertThat(list(server.operator, "/v1/events?merchant_id=" + merchant + "&after=" + cursor))
                    .isEmpty();

            server.operator
                    .patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + server.shop.url() + "\"}")
                    .expect(200);
            server.operator
                    .patch("/v1/merchants/" + paused, "{\"notify_url\":\"" + server.shop.url() + "\"}")
                    .expect(200);
            server.operator.post("/v1/merchants/" + paused + "/resume").expect(200);
            server.settled(waiting);
            assertThat(server.shop.received())
                    .filteredOn(r -> waiting.equals(r.header("webhook-id")))
                    .singleElement()
                    .satisfies(r -> assertThat(r.body()).contains("amount=12.30", "sign="));
            String next = server.send(merchant, "2");
            server.settled(next);
            assertThat(server.shop.received())
                    .anySatisfy(r -> assertThat(r.header("webhook-signature"))
                            .as("both keys sign")
                            .containsPattern("v1,.* v1,"));
            await().until(() -> list(server.operator, "/v1/events?merchant_id=" + merchant + "&after=" + cursor)
                    .valueStream()
                    .map(n -> n.get("id").asString())
                    .toList()
                    .equals(List.of(next)));
        }
        assertThat(migrate(url)).satisfies(again -> {
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains("is not empty");
        });
    }

    /** Breaks off in the middle. */
    private record Interrupted(TableSource source) implements TableSource {
        @Override
        public String name() {
            return source.name();
        }

        @Override
        public Set<String> tables() {
            return source.tables();
        }

        @Override
        public List<String> columns(String table) {
            return source.columns(table);
        }

        @Override
        public Rows rows(String table) {
            if (table.equals("notification")) {
                throw new StoreException("interrupted", new IllegalStateException());
            }
            return source.rows(table);
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void anInterruptedCopyIsRepeatedAndNoServerStartsOnIt(String kind) {
        String url = database(kind);
        StoreProvider target = StoreProvider.forUrl(url).orElseThrow();
        StoreProvider embedded = StoreProvider.forUrl(null).orElseThrow();
        StoreProvider.Config config = new StoreProvider.Config(dataDir, url, null, null);
        try (TableSource source = new Interrupted(embedded.tables(config))) {
            assertThatThrownBy(() -> target.copyFrom(source, config)).hasMessage("interrupted");
        }
        Map<Setting, String> settings = Map.of(
                Setting.DATABASE_URL,
                url,
                Setting.MASTER_KEY_FILE,
                dataDir.resolve("master-key").toString());
        assertThatThrownBy(() -> new ServerFixture(folder.resolve("early"), settings))
                .hasRootCauseInstanceOf(StartupException.class)
                .rootCause()
                .hasMessageContaining("run it again");

        Cli.Run again = migrate(url);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).containsPattern("merchant +2\\n");
    }

    @Test
    void aDataDirInUseIsNotCopied() {
        StoreProvider.Config config = new StoreProvider.Config(folder.resolve("busy"), null, null, null);
        try (Stores _ = StoreProvider.forUrl(null).orElseThrow().open(config)) {
            Cli.Run run = new Cli(folder).run("migrate", "--to", database("postgresql"), "--data-dir", "busy");

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("is in use by another server");
        }
    }

    @Test
    void wrongTargetsAndMissingDataAreNamed() {
        Cli cli = new Cli(folder);
        assertThat(cli.run("migrate").code()).isEqualTo(2);
        assertThat(cli.run("migrate", "--to", "jdbc:oracle:thin:@db").err())
                .contains("--to is not the URL of a database");
        Cli.Run none = cli.run("migrate", "--to", database("postgresql"), "--data-dir", "nowhere");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("there is no database");
    }
}
