package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.rung.console.ConsoleHttpClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import dev.rung.testing.RabbitServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Submissions over AMQP that are rejected, corrected and replayed; compressed ones. */
class RejectedSubmissionsIT {
    private static String uri;
    private static ServerFixture server;

    @BeforeAll
    static void start(@TempDir Path dir) {
        uri = RabbitServer.shared().freshUri();
        server = new ServerFixture(dir, Map.of(Setting.RABBITMQ_URI, uri));
        await().untilAsserted(() ->
                assertThat(server.anonymous.get("/ready").at("/status")).isEqualTo("ready"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void publish(String routingKey, @Nullable String messageId, @Nullable String encoding, byte[] body) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .messageId(messageId)
                .contentEncoding(encoding)
                .build();
        RabbitServer.ask(uri, channel -> {
            channel.confirmSelect();
            channel.basicPublish("rung.intake", routingKey, properties, body);
            return channel.waitForConfirms();
        });
    }

    private static void publish(String routingKey, @Nullable String messageId, String body) {
        publish(routingKey, messageId, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** The rejected submission whose reason contains a text. */
    private static JsonNode rejected(String reason) {
        return await().until(
                        () -> {
                            for (JsonNode each : list()) {
                                if (each.get("reason").asString().contains(reason)) {
                                    return each;
                                }
                            }
                            return null;
                        },
                        found -> found != null);
    }

    private static JsonNode list() {
        return server.viewer.get("/v1/rejected?limit=1000").expect(200).json().get("data");
    }

    private static void awaitDelivered(String id) {
        await().untilAsserted(() -> assertThat(
                        server.operator.get("/v1/notifications/" + id).at("/state"))
                .isEqualTo("delivered"));
    }

    @Test
    void aRejectedSubmissionIsCorrectedReplayedAndDelivered() {
        String merchant = server.merchant();
        publish(
                "mch_0000000000000",
                "T7-paid",
                "{\"merchant_id\":\"mch_0000000000000\",\"payload\": {\"amount\" : 12.30}}");
        JsonNode found = rejected("merchant_id does not exist");
        String path = "/v1/rejected/" + found.get("id").asString();
        assertThat(found.get("message_id").asString()).isEqualTo("T7-paid");
        assertThat(found.get("routing_key").asString()).isEqualTo("mch_0000000000000");
        assertThat(server.viewer.get(path).expect(200).at("/body")).contains("\"amount\" : 12.30");
        // Uncorrected it is rejected again, and kept.
        assertThat(server.operator.post(path + "/replay", "{}").expect(422).at("/errors/0/code"))
                .isEqualTo("unknown_merchant");
        server.viewer.post(path + "/replay", "{}").expect(403);

        TestResponse replayed = server.operator
                .post(path + "/replay", "{\"set\":{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"T7\"}}")
                .expect(202);

        assertThat(replayed.at("/order_no")).isEqualTo("T7");
        awaitDelivered(replayed.at("/id"));
        assertThat(server.shop.received()).anySatisfy(r -> assertThat(r.body()).isEqualTo("{\"amount\" : 12.30}"));
        server.operator.get(path).expect(404);
        server.operator.post(path + "/replay", "{}").expect(404);
        // The message-id stayed its idempotency key.
        publish("", "T7-paid", "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"T7\",\"payload\":2}");
        JsonNode conflict = rejected("message-id was used for another notification");
        String other = "/v1/rejected/" + conflict.get("id").asString();
        server.operator.post(other + "/replay").expect(409);
        server.operator
                .post(other + "/replay", "{\"set\":{\"idempotency_key\":\"T7-again\"}}")
                .expect(202);
    }

    @Test
    void whatIsNotJsonCanOnlyBeDiscarded() {
        publish("", null, "{");
        String path = "/v1/rejected/" + rejected("not JSON").get("id").asString();
        assertThat(server.operator
                        .post(path + "/replay", "{\"set\":{\"payload\":1}}")
                        .expect(422)
                        .at("/errors/0/code"))
                .isEqualTo("not_an_object");
        server.viewer.delete(path).expect(403);
        server.operator.delete(path).expect(204);
        server.operator.get(path).expect(404);
        server.operator.delete(path).expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "gzip:UTF-8"})
    void aCompressedSubmissionIsAccepted(String encoding) {
        String merchant = server.merchant();
        publish(
                merchant,
                null,
                encoding,
                gzip("{\"merchant_id\":\"" + merchant + "\",\"payload\":\"" + encoding + "\"}"));
        await().untilAsserted(() -> assertThat(server.shop.received())
                .anySatisfy(r -> assertThat(r.body()).isEqualTo("\"" + encoding + "\"")));
    }

    /** As Spring's converters label JSON. */
    @Test
    void aCharsetAsEncodingIsAccepted() {
        String merchant = server.merchant();
        publish(
                merchant,
                null,
                "UTF-8",
                ("{\"merchant_id\":\"" + merchant + "\",\"payload\":\"plain\"}").getBytes(StandardCharsets.UTF_8));
        await().untilAsserted(() -> assertThat(server.shop.received())
                .anySatisfy(r -> assertThat(r.body()).isEqualTo("\"plain\"")));
    }

    @Test
    void otherEncodingsAndWrongOrHugeCompressionAreRejectedByName() {
        publish("", null, "br", new byte[] {1, 2, 3});
        publish("", null, "gzip", new byte[] {1, 2, 3});
        publish("", null, "gzip", gzip(" ".repeat(9 << 20)));

        JsonNode found = rejected("content-encoding br is not supported");
        rejected("not valid gzip");
        rejected("larger than 8388608 bytes");
        assertThat(server.viewer
                        .get("/v1/rejected/" + found.get("id").asString())
                        .expect(200)
                        .json()
                        .has("body"))
                .isTrue();
    }

    @Test
    void listsHavePages() {
        for (int i = 0; i < 3; i++) {
            publish("", "page" + i, "{\"page\":" + i + "}");
        }
        await().untilAsserted(() -> assertThat(list().size()).isGreaterThanOrEqualTo(3));
        int all = list().size();
        int seen = 0;
        String cursor = null;
        do {
            JsonNode page = server.viewer
                    .get("/v1/rejected?limit=2" + (cursor == null ? "" : "&cursor=" + cursor))
                    .expect(200)
                    .json();
            seen += page.get("data").size();
            cursor = page.get("next_cursor").asStringOpt().orElse(null);
        } while (cursor != null);
        assertThat(seen).isGreaterThanOrEqualTo(all);
        server.viewer.get("/v1/rejected?cursor=x").expect(422);
        server.viewer.get("/v1/rejected/ntf_1").expect(404);
    }

    @Test
    void theConsoleShowsCorrectsAndDiscardsThem() {
        String merchant = server.merchant();
        String unknown = "mch_0000000000000";
        publish(unknown, "console-1", "{\"merchant_id\":\"" + unknown + "\",\"order_no\":\"C1\",\"payload\":1}");
        publish("", "console-2", "not JSON <b>");
        try (ConsoleHttpClient operator =
                        new ConsoleHttpClient(server.server.address()).signIn(ServerFixture.OPERATOR_KEY);
                ConsoleHttpClient viewer =
                        new ConsoleHttpClient(server.server.address()).signIn(ServerFixture.VIEWER_KEY)) {
            await().until(() -> viewer.get("/rejected").body().contains("console-2"));
            String wrong = idIn(viewer.get("/rejected").body(), "console-1");
            String broken = idIn(viewer.get("/rejected").body(), "console-2");

            assertThat(viewer.get("/rejected/" + wrong).body())
                    .contains(unknown, "C1")
                    .doesNotContain("id=\"replay\"");
            assertThat(viewer.get("/rejected/" + broken).body()).contains("not JSON &lt;b&gt;");
            assertThat(viewer.change("/rejected/" + wrong + "/discard", Map.of())
                            .statusCode())
                    .isEqualTo(403);

            String page = operator.change("/rejected/" + wrong + "/replay", Map.of("url", "ftp://x"))
                    .body();
            assertThat(page).contains("id=\"url-error\"", "value=\"ftp://x\"");
            assertThat(operator.change("/rejected/" + wrong + "/replay", Map.of("merchant_id", merchant))
                            .headers()
                            .firstValue("location"))
                    .hasValueSatisfying(to -> assertThat(to).startsWith("/notifications/ntf_"));
            assertThat(operator.change("/rejected/" + broken + "/replay", Map.of("merchant_id", merchant))
                            .body())
                    .contains("id=\"replay-error\"");
            assertThat(operator.change("/rejected/" + broken + "/discard", Map.of())
                            .statusCode())
                    .isEqualTo(303);
            assertThat(operator.get("/rejected").body()).doesNotContain("console-1", "console-2");
            assertThat(operator.get("/rejected/" + broken).statusCode()).isEqualTo(404);
        }
    }

    /** The id in the row of a list that has this text. */
    private static String idIn(String page, String text) {
        int at = page.lastIndexOf("/rejected/", page.indexOf(text)) + "/rejected/".length();
        return page.substring(at, page.indexOf('"', at));
    }
}
