package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.WebhookVerifier;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.MasterKeys;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestResponse;
import dev.rung.server.wiring.StartupException;
import dev.rung.settings.Setting;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master key is replaced; merchants keep their keys, headers and everything else. */
class RotateMasterKeyIT {
    private static final String OLD = key('o');
    private static final String NEW = key('n');

    @TempDir
    Path folder;

    private static String key(char filling) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(filling).repeat(32).getBytes(StandardCharsets.US_ASCII));
    }

    private record Shop(String id, String secret) {
        static Shop createdAt(ServerFixture server) {
            TestResponse created = server.operator
                    .post(
                            "/v1/merchants",
                            "{\"name\":\"Tea House\",\"notify_url\":\"" + server.shop.url()
                                    + "\",\"headers\":{\"X-Shop\":\"tea\"}}")
                    .expect(201);
            return new Shop(created.at("/id"), created.at("/signing_secret"));
        }

        /** A notification is signed with its secret, and carries its header. */
        void isNotifiedBy(ServerFixture server) {
            server.operator
                    .patch("/v1/merchants/" + id, "{\"notify_url\":\"" + server.shop.url() + "\"}")
                    .expect(200);
            String notification = server.send(id, "{\"paid\":true}");
            TestMerchant.Received received = await().until(
                            () -> server.shop.received().stream()
                                    .filter(r -> notification.equals(r.header("webhook-id")))
                                    .findFirst()
                                    .orElse(null),
                            found -> found != null);
            assertThat(received.header("x-shop")).isEqualTo("tea");
            Assertions.assertThatCode(() -> new WebhookVerifier(secret)
                            .verify(received::header, received.body().getBytes(StandardCharsets.UTF_8)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void anEmbeddedKeyIsReplacedInTheDataDir() throws Exception {
        Path data = folder.resolve("rung-data");
        Cli cli = new Cli(folder);
        Shop shop;
        try (ServerFixture server = new ServerFixture(data)) {
            shop = Shop.createdAt(server);
            shop.isNotifiedBy(server);
            assertThat(cli.run("rotate-master-key", "--data-dir", data.toString())
                            .code())
                    .isEqualTo(1); // the server uses the data dir
        }
        String before = Files.readString(data.resolve("master-key"));

        Cli.Run run = cli.run("rotate-master-key", "--data-dir", data.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("secrets are encrypted with the new key").doesNotContain(before.strip());
        assertThat(Files.readString(data.resolve("master-key")))
                .isNotEqualTo(before)
                .hasSize(before.length());
        try (ServerFixture server = new ServerFixture(data)) {
            shop.isNotifiedBy(server);
        }
        Files.writeString(data.resolve("master-key"), before);
        Assertions.assertThatThrownBy(() -> new ServerFixture(data)).hasRootCauseInstanceOf(StartupException.class);
    }

    /** Killed after the first step: both keys are in the file, the database names the new one, and no secret is encrypted with it. */
    @Test
    void anInterruptedRotationIsFinishedByTheNextOne() throws Exception {
        Path data = folder.resolve("rung-data");
        Path file = data.resolve("master-key");
        Cli cli = new Cli(folder);
        Shop shop;
        try (ServerFixture server = new ServerFixture(data)) {
            shop = Shop.createdAt(server);
        }
        String former = Files.readString(file);
        try (Stores stores =
                StoreProvider.forUrl(null).orElseThrow().open(new StoreProvider.Config(data, null, null, null))) {
            MetaStore meta = stores.meta();
            meta.put(MasterKeys.FORMER, meta.get(MasterKeys.CURRENT).orElseThrow());
            meta.put(MasterKeys.CURRENT, MasterKey.ofBase64(NEW).fingerprint());
        }
        Files.writeString(file, NEW);
        Assertions.assertThatThrownBy(() -> new ServerFixture(data))
                .rootCause()
                .hasMessageContaining("the master key is being rotated");
        Files.writeString(file, NEW + "\n" + former);
        try (ServerFixture server = new ServerFixture(data)) {
            shop.isNotifiedBy(server);
        }

        Cli.Run run = cli.run("rotate-master-key", "--data-dir", data.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readString(file).strip()).isEqualTo(NEW);
        try (ServerFixture server = new ServerFixture(data)) {
            shop.isNotifiedBy(server);
        }
    }

    @Test
    void aDatabasesKeyIsReplacedWhileServersRunThatKnowBoth() throws Exception {
        Path old = Files.writeString(folder.resolve("old"), OLD);
        Path both = Files.writeString(folder.resolve("both"), NEW + "\n" + OLD + "\n");
        Path only = Files.writeString(folder.resolve("new"), NEW);
        try (PostgresServer postgres = PostgresServer.start()) {
            Map<Setting, String> database = Map.of(
                    Setting.DATABASE_URL, postgres.createDatabase(),
                    Setting.DATABASE_USER, postgres.user(),
                    Setting.DATABASE_PASSWORD, postgres.password());
            Cli cli = new Cli(folder);
            database.forEach((setting, value) -> cli.environment.put(setting.variable(), value));
            cli.environment.put("RUNG_API_KEY", ServerFixture.OPERATOR_KEY);
            String[] rotate = {
                "rotate-master-key", "--master-key-file", both.toString(), "--new-key-file", only.toString()
            };
            Shop shop;
            try (ServerFixture server = serve(database, old)) {
                shop = Shop.createdAt(server);
                shop.isNotifiedBy(server);
                Cli.Run refused = cli.run(rotate);
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err()).contains("does not know the new key");
            }
            try (ServerFixture server = serve(database, both)) {
                Shop second = Shop.createdAt(server);
                Cli.Run run = cli.run(rotate);
                assertThat(run.code()).as(run.err()).isZero();
                shop.isNotifiedBy(server);
                second.isNotifiedBy(server);
                Shop.createdAt(server).isNotifiedBy(server);
            }
            try (ServerFixture server = serve(database, only)) {
                shop.isNotifiedBy(server);
            }
            Assertions.assertThatThrownBy(() -> serve(database, old))
                    .hasRootCauseInstanceOf(StartupException.class)
                    .rootCause()
                    .hasMessageContaining("encrypted with another master key");
        }
    }

    private ServerFixture serve(Map<Setting, String> database, Path keyFile) {
        Map<Setting, String> settings = new HashMap<>(database);
        settings.put(Setting.MASTER_KEY_FILE, keyFile.toString());
        return new ServerFixture(folder.resolve("server"), settings);
    }
}
