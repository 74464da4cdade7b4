package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before it is sent, and how requests are cut. */
class IntakeTest {
    private final StubServer server = new StubServer();
    private final RungClient rung = RungClient.builder()
            .server(server.uri())
            .key("key-1")
            .retries(Retries.NONE)
            .build();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":1},\"url\":\"http://elsewhere\"",
                "{\"x\":1}},{\"merchant_id\":\"mch_2\",\"payload\":{}",
                "{",
                "",
                "{\"a\":1,\"a\":2}",
                "\"\uD83C\""
            })
    void aPayloadThatIsNotJsonIsNotSent(String payload) {
        RungException refused =
                catchThrowableOfType(RungException.class, () -> rung.send(NewNotification.to("mch_1", payload)));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem().errors())
                .singleElement()
                .satisfies(e -> assertThat(e.field()).isEqualTo("payload"));
        assertThat(refused.getMessage()).doesNotContain("elsewhere");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void inABatchTheOthersAreSent() {
        server.will(
                200,
                "{\"results\":[" + StubServer.ACCEPTED
                        + ",{\"status\":422,\"error\":{\"title\":\"Invalid request\",\"status\":422,"
                        + "\"detail\":\"notifications[1].url is wrong\",\"errors\":[{\"field\":\"notifications[1].url\",\"code\":\"invalid_url\","
                        + "\"message\":\"is wrong\"}]}}]}");
        List<BatchItem> results = rung.sendAll(List.of(
                NewNotification.to("mch_1", "{\"x\":1}},{\"merchant_id\":\"mch_2\",\"payload\":{}"),
                NewNotification.to("mch_1", "1"),
                NewNotification.to("mch_1", "[".repeat(98) + "]".repeat(98)),
                NewNotification.to("mch_1", "2").withUrl("x"),
                NewNotification.to("mch_1", "\"" + "x".repeat(256 * 1024) + "\""),
                NewNotification.to("mch_1", "3").withIdempotencyKey("k\n")));
        assertThat(results).extracting(BatchItem::status).containsExactly(422, 202, 422, 422, 422, 422);
        assertThat(results.get(3).error().errors())
                .containsExactly(new Problem.FieldError("notifications[3].url", "invalid_url", "is wrong"));
        assertThat(results.get(3).error().detail()).isEqualTo("notifications[3].url is wrong");
        assertThat(results)
                .extracting(r ->
                        r.error() == null ? null : r.error().errors().get(0).field())
                .containsExactly(
                        "notifications[0].payload",
                        null,
                        "notifications[2].payload",
                        "notifications[3].url",
                        "notifications[4].payload",
                        "notifications[5].idempotency_key");
        assertThat(server.requests())
                .containsExactly(
                        "POST /v1/notifications/batch {\"notifications\":[{\"merchant_id\":\"mch_1\",\"payload\":1},"
                                + "{\"merchant_id\":\"mch_1\",\"payload\":2,\"url\":\"x\"}]}");
    }

    @Test
    void aBatchThatTheServerRefusesIsHalvedUntilTheItemStandsAlone() {
        String refused = "{\"title\":\"Malformed\",\"status\":400,\"detail\":\"The body is not JSON.\"}";
        server.will(400, refused); // 1 2 3
        server.will(200, "{\"results\":[" + StubServer.ACCEPTED + "]}"); // 1
        server.will(400, refused); // 2 3
        server.will(400, refused); // 2
        server.will(200, "{\"results\":[" + StubServer.ACCEPTED + "]}"); // 3
        assertThat(rung.sendAll(List.of(
                        NewNotification.to("mch_1", "1"),
                        NewNotification.to("mch_1", "2"),
                        NewNotification.to("mch_1", "3"))))
                .extracting(BatchItem::status)
                .containsExactly(202, 400, 202);
    }

    @Test
    void largeBatchesAreCutByNumberAndSize() {
        List<NewNotification> many = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            many.add(NewNotification.to("mch_1", "1"));
        }
        server.will(200, results(1_000));
        server.will(200, results(1));
        assertThat(rung.sendAll(many)).hasSize(1_001);

        String large = "\"" + "x".repeat(250 * 1024) + "\"";
        List<NewNotification> heavy = new ArrayList<>();
        for (int i = 0; i < 34; i++) {
            heavy.add(NewNotification.to("mch_1", large));
        }
        server.will(200, results(32));
        server.will(200, results(2));
        assertThat(rung.sendAll(heavy)).hasSize(34);
        assertThat(server.requests())
                .hasSize(4)
                .allSatisfy(r -> assertThat(r.length()).isLessThan(8 * 1024 * 1024));
        assertThat(rung.sendAll(List.of())).isEmpty();
    }

    private static String results(int n) {
        return "{\"results\":[" + String.join(",", java.util.Collections.nCopies(n, StubServer.ACCEPTED)) + "]}";
    }

    @Test
    void aKeyThatAHeaderCannotCarryGoesAsAMemberOfAnItem() {
        for (String key : List.of("订单-1", " padded ", "ü")) {
            server.will(200, "{\"results\":[" + StubServer.ACCEPTED + "]}");
            assertThat(rung.send(NewNotification.to("mch_1", "1").withIdempotencyKey(key))
                            .repeated())
                    .isFalse();
            assertThat(server.requests().remove(0))
                    .isEqualTo(
                            "POST /v1/notifications/batch {\"notifications\":[{\"merchant_id\":\"mch_1\",\"payload\":1,"
                                    + "\"idempotency_key\":\"" + key + "\"}]}");
        }
        server.will(200, "{\"results\":[" + StubServer.ACCEPTED.replace("202", "200") + "]}");
        assertThat(rung.send(NewNotification.to("mch_1", "1").withIdempotencyKey("茶"))
                        .repeated())
                .isTrue();
        server.will(
                200,
                "{\"results\":[{\"status\":409,\"error\":{\"title\":\"Conflict\",\"status\":409,\"detail\":\"x\"}}]}");
        assertThatThrownBy(() -> rung.send(NewNotification.to("mch_1", "1").withIdempotencyKey("茶")))
                .hasMessage("409 Conflict: x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\nkey", "secret\u0000key", "", "secret\uD83C"})
    void aKeyThatCannotBeOneIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> rung.send(NewNotification.to("mch_1", "1").withIdempotencyKey(key)))
                .isInstanceOf(RungException.class)
                .hasMessageContaining("idempotency_key")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> rung.send(NewNotification.to("mch_1", "1").withIdempotencyKey("k".repeat(256))))
                .isInstanceOf(RungException.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\nkey", "secret key", "", "sécret"})
    void anApiKeyThatCannotBeOneIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> new RungClient(server.uri(), key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the API key is not one word of printable ASCII characters")
                .hasNoCause();
    }

    @Test
    void aKeyReadFromAFileMayEndInANewline() {
        server.will(200, "{\"data\":[],\"next_cursor\":null}");
        assertThat(new RungClient(server.uri(), "key-1\n").ladders()).isEmpty();
        assertThat(server.headers().get(0)).containsEntry("Authorization", "Bearer key-1");
    }

    @Test
    void withRetriesEveryNotificationHasAKey() {
        RungClient retrying = new RungClient(server.uri(), "key-1");
        server.will(202, StubServer.NOTIFICATION);
        server.will(200, "{\"results\":[" + StubServer.ACCEPTED + "]}");
        retrying.send(NewNotification.to("mch_1", "1"));
        assertThat(server.headers().get(0).get("Idempotency-key")).hasSize(36);
        retrying.sendAll(List.of(NewNotification.to("mch_1", "1")));
        assertThat(server.requests().get(1)).contains("\"idempotency_key\":\"");
    }
}
