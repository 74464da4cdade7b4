package dev.rung.adapter.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.adapter.gateway.FakeGateway.Said;
import dev.rung.adapter.gateway.GatewayClient.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayClientTest {
    private final FakeGateway gateway = new FakeGateway();
    private final GatewayClient client = new GatewayClient(null);

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    private Reply get(URI url, Duration time) {
        return client.send(HttpRequest.newBuilder(url).build(), Deadline.in(time));
    }

    @Test
    void anAnswerIsStatusHeadersAndBody() {
        gateway.behave(request -> new Said(404, Map.of("x-a", "b"), "no".getBytes(US_ASCII)));

        Reply.Answer answer = (Reply.Answer) get(gateway.url(), Duration.ofSeconds(5));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers().firstValue("x-a")).hasValue("b");
        assertThat(answer.body()).asString(US_ASCII).isEqualTo("no");
    }

    @Test
    void aBodyThatTricklesIsCutOffByTheDeadline() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch cutOff = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try (Socket connection = socket.accept()) {
                    var out = connection.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".getBytes(US_ASCII));
                    while (connection.getInputStream().available() >= 0) {
                        out.write('.');
                        out.flush();
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                } catch (IOException e) {
                    cutOff.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            long start = System.nanoTime();

            Reply reply = get(URI.create("http://127.0.0.1:" + socket.getLocalPort()), Duration.ofMillis(300));

            assertThat(reply).isInstanceOf(Reply.None.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(4));
            assertThat(cutOff.await(5, TimeUnit.SECONDS))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNone() {
        gateway.behave(request -> new Said(200, Map.of(), new byte[GatewayClient.BODY_BYTES_MAX]));
        assertThat(get(gateway.url(), Duration.ofSeconds(5))).isInstanceOf(Reply.Answer.class);

        gateway.behave(request -> new Said(200, Map.of(), new byte[GatewayClient.BODY_BYTES_MAX + 1]));
        assertThat(get(gateway.url(), Duration.ofSeconds(5)))
                .isEqualTo(new Reply.None("an answer of more than 64 KiB"));
    }

    @Test
    void noRedirectIsFollowed() {
        gateway.behave(request -> new Said(302, Map.of("location", "/elsewhere"), new byte[0]));

        assertThat(((Reply.Answer) get(gateway.url(), Duration.ofSeconds(5))).status())
                .isEqualTo(302);
        assertThat(gateway.asked()).hasSize(1);
    }

    @Test
    void aGatewayThatIsAwayGivesNoAnswer() {
        URI url = gateway.url();
        gateway.close();

        assertThat(get(url, Duration.ofSeconds(5))).isEqualTo(new Reply.None("no connection to the gateway"));
        assertThat(get(url, Duration.ZERO)).isEqualTo(new Reply.None("no time was left to ask"));
    }
}
