package example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.MerchantFields;
import dev.rung.client.NotificationFilter;
import dev.rung.client.RungClient;
import dev.rung.test.RungExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The shop as its README starts it, with a real server. */
class ShopIT {
    private static final Duration AT_MOST = Duration.ofSeconds(90);

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    private Process shop() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        System.getProperty("shop.jar"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "PORT", "" + port,
                        "RUNG_TIMEOUT", "2s",
                        "RUNG_OUTBOX_LEASE", "3s",
                        "RUNG_URL", RUNG.server().url().toString(),
                        "RUNG_API_KEY", RUNG.server().apiKey(),
                        "RUNG_MERCHANT_ID", RUNG.merchant().id(),
                        "RUNG_WEBHOOK_SECRET", RUNG.merchant().signingSecret()));
        return builder.start();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json");
    }

    private boolean isUp() {
        try {
            return send(request("/actuator/health")).statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    /** The body that the README's curl posts. */
    private static String orderOfTheReadme() throws IOException {
        Matcher curl = Pattern.compile("curl -s localhost:8090/orders -H 'Content-Type: application/json' -d '(.*)'")
                .matcher(Files.readString(Path.of(System.getProperty("readme"))));
        assertThat(curl.find()).isTrue();
        return curl.group(1);
    }

    @Test
    void anOrderIsNotifiedOnceThoughTheShopIsKilled() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        RungClient rung = RUNG.server().client();
        rung.updateMerchant(
                RUNG.merchant().id(), MerchantFields.NONE.withNotifyUrl("http://127.0.0.1:" + port + "/webhooks/rung"));
        String order = orderOfTheReadme();
        Process first = shop();
        try {
            await().atMost(AT_MOST).until(this::isUp);
            assertThat(send(request("/orders").POST(BodyPublishers.ofString(order)))
                            .statusCode())
                    .isEqualTo(201);
            assertThat(send(request("/orders").POST(BodyPublishers.ofString("{\"amount\":1}")))
                            .statusCode())
                    .isEqualTo(422);
        } finally {
            first.destroyForcibly().waitFor();
        }
        Process second = shop();
        try {
            await().atMost(AT_MOST).until(this::isUp);
            HttpResponse<String> again = send(request("/orders").POST(BodyPublishers.ofString(order)));
            assertThat(again.statusCode()).isEqualTo(200);
            await().atMost(AT_MOST)
                    .untilAsserted(() -> assertThat(
                                    send(request("/orders/20261123001")).body())
                            .isEqualTo("{\"order_no\":\"20261123001\",\"amount\":1230,\"notified\":true}"));
        } finally {
            second.destroyForcibly().waitFor();
        }
        assertThat(rung.notifications(NotificationFilter.ANY.ofOrder("20261123001"), null)
                        .data())
                .hasSize(1);
    }
}
