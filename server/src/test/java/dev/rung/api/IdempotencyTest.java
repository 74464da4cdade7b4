package dev.rung.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One key, one notification, in whatever way it comes. AMQP messages are read by the same reader. */
class IdempotencyTest {
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static TestResponse post(String body, String key) {
        return scene.operator.send("POST", "/v1/notifications", body.getBytes(UTF_8), Map.of("Idempotency-Key", key));
    }

    private static String item(String body) {
        return scene.operator
                .post("/v1/notifications/batch", "{\"notifications\":[" + body + "]}")
                .expect(200)
                .at("/results/0/status");
    }

    /** The status of a request whose key has these bytes; Java's client sends ASCII only. */
    private static int postRaw(String body, String key, Charset charset) throws IOException {
        URI server = scene.operator.server();
        byte[] content = body.getBytes(UTF_8);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            String head = "POST /v1/notifications HTTP/1.1\r\nHost: " + server.getAuthority()
                    + "\r\nConnection: close\r\nAuthorization: Bearer " + scene.operator.key()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length
                    + "\r\nIdempotency-Key: ";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            socket.getOutputStream().write(key.getBytes(charset));
            socket.getOutputStream().write("\r\n\r\n".getBytes(ISO_8859_1));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"café-1", "订单-1", "🍵", "plain"})
    void aKeyIsUtf8InTheHeaderAsInABatch(String key) throws IOException {
        String members = "\"merchant_id\":\"" + scene.merchant() + "\",\"payload\":1";
        assertThat(item("{" + members + ",\"idempotency_key\":\"" + key + "\"}"))
                .isEqualTo("202");
        assertThat(postRaw("{" + members + "}", key, UTF_8)).isEqualTo(200);
        assertThat(postRaw("{" + members.replace(":1", ":2") + "}", key, UTF_8)).isEqualTo(409);
    }

    @Test
    void aKeyThatIsNotUtf8IsRefused() throws IOException {
        String body = "{\"merchant_id\":\"" + scene.merchant() + "\",\"payload\":1}";
        assertThat(postRaw(body, "café", ISO_8859_1)).isEqualTo(422);
    }

    @Test
    void theNotificationIsComparedAndNotItsWrapping() {
        String merchant = scene.merchant();
        String first = """
                {"merchant_id":"%s","order_no":"T1","payload":{"a": 1},"ladder":["60s","1h"],
                 "deliver_at":"2036-11-23T10:00:00Z"}""".formatted(merchant);
        String id = post(first, "k").expect(202).at("/id");
        String same = """
                { "ladder" : ["1m","60m"], "deliver_at":"2036-11-23T18:00:00.000+08:00", "payload" : {"a": 1},
                  "ordered":false, "event_type":null, "order_no":"\\u0054\\u0031", "merchant_id":"%s" }""".formatted(merchant);
        assertThat(post(same, "k").expect(200).at("/id")).isEqualTo(id);
        assertThat(item(same.replace("\"ordered\"", "\"idempotency_key\":\"k\",\"ordered\"")))
                .isEqualTo("200");
        for (String other : new String[] {
            first.replace("{\"a\": 1}", "{\"a\":1}"),
            first.replace("T1", "T2"),
            first.replace("60s", "61s"),
            first.replace("10:00:00Z", "10:00:01Z"),
            first.replace("\"payload\"", "\"ordered\":true,\"payload\""),
            first.replace("\"payload\"", "\"event_type\":\"a\",\"payload\"")
        }) {
            assertThat(post(other, "k").expectProblem(409).at("/detail")).contains(id);
        }
    }
}
