package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.settings.DataDir;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ListenTest {
    private static final byte[] KEY = "a key of any length".getBytes(StandardCharsets.US_ASCII);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final HttpClient client = HttpClient.newHttpClient();

    private WebhookReceiver listen(String... args) {
        Listen listen = new Listen(new Cli(folder).terminal(out, new StringWriter()));
        new CommandLine(listen).parseArgs(args);
        return listen.open();
    }

    private int post(WebhookReceiver receiver, String id, int attempt, byte[] key) throws Exception {
        String timestamp = "" + Instant.now().getEpochSecond();
        String body = "{\"amount\":12.30}";
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/pay/notify"))
                .header("content-type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature(key, id + "." + timestamp + "." + body))
                .header("rung-attempt", "" + attempt)
                .header("rung-event-type", "payment.succeeded")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private static String signature(byte[] key, String signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFirstRequestsOfEachNotificationFailAsAsked() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0", "--fail", "2", "--secret", SECRET)) {
            assertThat(post(receiver, "ntf_1", 1, KEY)).isEqualTo(500);
            assertThat(post(receiver, "ntf_2", 1, KEY)).isEqualTo(500);
            assertThat(post(receiver, "ntf_1", 2, KEY)).isEqualTo(500);
            assertThat(post(receiver, "ntf_1", 3, KEY)).isEqualTo(200);
            assertThat(post(receiver, "ntf_1", 4, KEY)).isEqualTo(200);
        }
        assertThat(out.toString().lines().filter(l -> l.contains("ntf_1")))
                .satisfiesExactly(
                        l -> assertThat(l)
                                .contains(
                                        "payment.succeeded", "attempt 1", "verified", "500  simulated failure 1 of 2"),
                        l -> assertThat(l).contains("attempt 2", "500  simulated failure 2 of 2"),
                        l -> assertThat(l).contains("attempt 3").endsWith("200"),
                        l -> assertThat(l)
                                .contains("attempt 4")
                                .endsWith("200  repeat of an acknowledged notification"));
        assertThat(out.toString()).contains("  {\"amount\":12.30}");
    }

    @Test
    void aForgedRequestIsSeenToBeOne() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0", "--secret", SECRET)) {
            post(receiver, "ntf_1", 1, new byte[] {1});
        }
        assertThat(out.toString()).contains("WRONG SIGNATURE");
    }

    @Test
    void aSecretThatSendKeepsLaterIsFound() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0")) {
            post(receiver, "ntf_1", 1, KEY);
            assertThat(out.toString()).contains("no key to verify with");

            new TestMerchants(new DataDir(folder.resolve("rung-data"))).add(new TestMerchants.Entry("mch_1", SECRET));
            post(receiver, "ntf_2", 1, KEY);
            assertThat(out.toString()).contains("  verified  ");
        }
    }

    @Test
    void itAnswersWhatItWasToldToAndWaitsBefore() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0", "--status", "204", "--delay", "120ms")) {
            long before = System.nanoTime();
            assertThat(post(receiver, "ntf_1", 1, KEY)).isEqualTo(204);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(120_000_000);
        }
    }

    @Test
    void jsonIsOneObjectARequest() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0", "--json", "--secret", SECRET)) {
            post(receiver, "ntf_1", 1, KEY);
        }
        assertThat(JsonOutput.MAPPER.readTree(out.toString()).path("signature").asString())
                .isEqualTo("verified");
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void whatItReceivesIsPassedOnWithItsHeadersAndBytes() throws Exception {
        StringWriter application = new StringWriter();
        Listen second = new Listen(new Cli(folder).terminal(application, new StringWriter()));
        new CommandLine(second).parseArgs("--port", "0", "--status", "202", "--secret", SECRET);
        try (WebhookReceiver target = second.open();
                WebhookReceiver receiver =
                        listen("--port", "0", "--forward-to", "http://127.0.0.1:" + target.port() + "/webhooks")) {
            assertThat(post(receiver, "ntf_1", 1, KEY)).isEqualTo(200);
            await().untilAsserted(() -> assertThat(out.toString()).contains("  ntf_1  forwarded → 202"));
            assertThat(application.toString()).contains("payment.succeeded", "ntf_1", "attempt 1", "verified");
        }
    }

    @Test
    void anApplicationThatIsAwayIsSaidSo() throws Exception {
        try (WebhookReceiver receiver = listen("--port", "0", "--json", "--forward-to", "http://127.0.0.1:1/")) {
            assertThat(post(receiver, "ntf_1", 1, KEY)).isEqualTo(200);
            await().untilAsserted(() ->
                    assertThat(out.toString()).contains("\"forwarded_status\":null,\"forwarding_error\":\""));
        }
    }

    @Test
    void aPortInUseIsSaid() throws IOException {
        try (WebhookReceiver receiver = listen("--port", "0")) {
            assertThatThrownBy(() -> listen("--port", "" + receiver.port()))
                    .hasMessage("port " + receiver.port() + " is in use; choose another with --port P");
        }
    }
}
