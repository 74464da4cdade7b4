package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.memory.MemoryAuditLog;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLog.Entry;
import dev.rung.core.port.AuditLog.Filter;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static List<JsonNode> entries(String query) {
        return scene.viewer
                .get("/v1/audit" + query)
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .toList();
    }

    private static String text(JsonNode entry, String member) {
        return entry.get(member).asString();
    }

    @Test
    void aChangeIsFoundByTheNameAndIdOfItsActor() {
        TestResponse key = scene.operator
                .post("/v1/keys", "{\"name\":\"alice\",\"role\":\"operator\"}")
                .expect(201);
        ApiTestClient alice = scene.caller(key.at("/key"));
        String merchant = alice.post("/v1/merchants", "{\"name\":\"Tea House\"}")
                .expect(201)
                .at("/id");
        alice.post("/v1/merchants/" + merchant + "/pause").expect(200);

        List<JsonNode> byName = entries("?actor=alice");
        assertThat(byName).extracting(e -> text(e, "action")).containsExactly("merchant.pause", "merchant.create");
        assertThat(entries("?actor=" + key.at("/id"))).isEqualTo(byName);
        JsonNode pause = entries("?actor=alice&action=merchant.pause").getFirst();
        assertThat(text(pause, "id")).startsWith("aud_");
        assertThat(text(pause, "actor")).isEqualTo("alice");
        assertThat(text(pause, "actor_id")).isEqualTo(key.at("/id"));
        assertThat(text(pause, "address")).isEqualTo("127.0.0.1");
        assertThat(text(pause, "target")).isEqualTo(merchant);
        assertThat(pause.get("detail").isObject()).isTrue();

        String at = text(pause, "at");
        assertThat(entries("?actor=alice&from=" + at)).containsExactly(pause);
        assertThat(entries("?actor=alice&to=" + at))
                .extracting(e -> text(e, "action"))
                .containsExactly("merchant.create");
    }

    @Test
    void pagesFollowEachOther() {
        for (int i = 0; i < 5; i++) {
            scene.merchant();
        }
        TestResponse first =
                scene.viewer.get("/v1/audit?action=merchant.create&limit=2").expect(200);
        TestResponse second = scene.viewer
                .get("/v1/audit?action=merchant.create&limit=2&cursor=" + first.at("/next_cursor"))
                .expect(200);
        assertThat(first.json().get("data")).hasSize(2);
        assertThat(second.json().get("data")).hasSize(2);
        assertThat(first.at("/data/1/id")).isGreaterThan(second.at("/data/0/id"));
        scene.viewer.get("/v1/audit?cursor=x&from=y&who=z").expectProblem(422);
    }

    @Test
    void theExportHasEveryEntryOnALine() {
        for (int i = 0; i < 3; i++) {
            scene.merchant();
        }
        String lines = scene.viewer
                .send("GET", "/v1/audit?action=merchant.create", null, Map.of("Accept", "application/x-ndjson"))
                .expect(200)
                .text();
        List<JsonNode> exported = lines.lines().map(JSON::readTree).toList();
        assertThat(exported).hasSizeGreaterThanOrEqualTo(3).isEqualTo(entries("?action=merchant.create&limit=1000"));
    }

    @Test
    void anExportGoesOnPageAfterPage() throws IOException {
        AuditLog audit = new MemoryAuditLog();
        for (long id = 1; id <= 1_201; id++) {
            audit.write(new Entry(id, id, "alice", "key_1", null, "merchant.pause", "mch_" + id, "{}"));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new AuditController(audit).export(Filter.ALL, null, out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> text(JSON.readTree(line), "target")))
                .hasSize(1_201)
                .doesNotHaveDuplicates()
                .startsWith("mch_1201")
                .endsWith("mch_1");
    }

    @Test
    void refusedCallsAreCountedByCallerAndAddress() {
        Instant begin = Instant.now();
        scene.caller("no-such-key").get("/v1/merchants").expectProblem(401);
        scene.caller("no-such-key").get("/v1/merchants").expectProblem(401);
        scene.viewer.post("/v1/merchants", "{\"name\":\"x\"}").expectProblem(403);
        await().untilAsserted(() -> {
            List<JsonNode> refused = entries("?action=call.refused&from=" + begin.minusSeconds(1));
            assertThat(refused).anySatisfy(e -> {
                assertThat(text(e, "actor")).isEqualTo("anonymous");
                assertThat(text(e, "address")).isEqualTo("127.0.0.1");
                assertThat(e.at("/detail/count").asInt()).isGreaterThanOrEqualTo(1);
            });
            assertThat(refused).anySatisfy(e -> assertThat(text(e, "actor")).isEqualTo("viewer"));
        });
    }

    @Test
    void onlyThoseWhoReadEverythingReadTheAudit() {
        String merchant = scene.merchant();
        scene.caller(scene.operator
                        .post("/v1/merchants/" + merchant + "/keys", "{\"role\":\"manage\"}")
                        .expect(201)
                        .at("/key"))
                .get("/v1/audit")
                .expectProblem(403);
        scene.caller(scene.operator
                        .post("/v1/keys", "{\"name\":\"shop\",\"role\":\"intake\"}")
                        .expect(201)
                        .at("/key"))
                .get("/v1/audit")
                .expectProblem(403);
    }

    @Test
    void itIsPurgedAfterTheRetention(@TempDir Path dataDir) {
        try (ServerFixture server = new ServerFixture(dataDir, Map.of(Setting.AUDIT_RETENTION, "1s"))) {
            server.merchant();
            Instant created = Instant.now();
            await().until(() -> Instant.now().isAfter(created.plusSeconds(1)));
        }
        try (ServerFixture server = new ServerFixture(dataDir, Map.of(Setting.AUDIT_RETENTION, "1s"))) {
            await().until(() -> server.viewer
                    .get("/v1/audit?action=merchant.create")
                    .json()
                    .get("data")
                    .isEmpty());
        }
    }
}
