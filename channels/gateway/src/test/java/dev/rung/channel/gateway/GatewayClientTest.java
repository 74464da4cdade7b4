package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.payments.channel.ChannelContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

        Reply.Answer answer = (Reply.Answer) get(gateway.url(), Duration.ofSeconds(60));

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
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(60));
            assertThat(cutOff.await(60, TimeUnit.SECONDS))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNone() {
        gateway.behave(request -> new Said(200, Map.of(), new byte[GatewayClient.BODY_BYTES_MAX]));
        assertThat(get(gateway.url(), Duration.ofSeconds(60))).isInstanceOf(Reply.Answer.class);

        gateway.behave(request -> new Said(200, Map.of(), new byte[GatewayClient.BODY_BYTES_MAX + 1]));
        assertThat(get(gateway.url(), Duration.ofSeconds(60)))
                .isEqualTo(new Reply.None("the response is longer than 64 KiB"));
    }

    /** Both what goes through a proxy as it is, and the way to a gateway that speaks TLS. */
    @Test
    void aProxyIsToldWhoAsks() throws Exception {
        for (String url : new String[] {"http://gateway.example/a", "https://gateway.example/a"}) {
            try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    GatewayClient proxied = new GatewayClient(
                            new ChannelContext.Proxy("127.0.0.1", proxy.getLocalPort(), "Basic dTpw"))) {
                CompletableFuture<List<String>> heard = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> refuse(proxy, heard));

                Reply reply =
                        proxied.send(HttpRequest.newBuilder(URI.create(url)).build(), Deadline.in(GatewayClient.CALL));

                assertThat(heard.get(60, TimeUnit.SECONDS))
                        .anyMatch(l -> l.startsWith("GET http://gateway.example/a ")
                                || l.startsWith("CONNECT gateway.example:443 "))
                        .anyMatch(l -> l.equalsIgnoreCase("proxy-authorization: Basic dTpw"));
                assertThat(reply.toString()).doesNotContain("dTpw");
            }
        }
    }

    private static void refuse(ServerSocket proxy, CompletableFuture<List<String>> heard) {
        try (Socket connection = proxy.accept()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII));
            heard.complete(lines);
        } catch (IOException e) {
            heard.completeExceptionally(e);
        }
    }

    @Test
    void noRedirectIsFollowed() {
        gateway.behave(request -> new Said(302, Map.of("location", "/elsewhere"), new byte[0]));

        assertThat(((Reply.Answer) get(gateway.url(), Duration.ofSeconds(60))).status())
                .isEqualTo(302);
        assertThat(gateway.asked()).hasSize(1);
    }

    @Test
    void aGatewayThatIsAwayGivesNoAnswer() {
        URI url = gateway.url();
        gateway.close();

        assertThat(get(url, Duration.ofSeconds(60))).isEqualTo(new Reply.None("no connection to the gateway"));
        assertThat(get(url, Duration.ZERO))
                .isEqualTo(new Reply.None("the deadline passed before the request was sent"));
    }
}
