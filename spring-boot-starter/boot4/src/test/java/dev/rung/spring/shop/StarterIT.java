package dev.rung.spring.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.Ladder;
import dev.rung.client.MerchantFields;
import dev.rung.client.Notification;
import dev.rung.client.NotificationFilter;
import dev.rung.client.NotificationState;
import dev.rung.client.RungClient;
import dev.rung.test.RungExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An application with the starter, on a real port, with a real server. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.show-details=always",
            "management.endpoint.rungoutbox.access=unrestricted"
        })
class StarterIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("rung.url", () -> "http://127.0.0.1:1," + RUNG.server().url());
        registry.add("rung.api-key", RUNG.server()::apiKey);
        registry.add("rung.merchant-id", RUNG.merchant()::id);
        registry.add("rung.webhook.secret", RUNG.merchant()::signingSecret);
    }

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private RungClient rung;

    @Autowired
    private AtomicInteger failures;

    @LocalServerPort
    private int port;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void receiveHere() {
        rung.updateMerchant(
                RUNG.merchant().id(),
                MerchantFields.NONE
                        .withNotifyUrl("http://127.0.0.1:" + port + "/webhooks")
                        .withLadder(Ladder.of(Duration.ofSeconds(1), Duration.ofSeconds(1))));
        jdbc.execute("DELETE FROM shipments");
    }

    private HttpResponse<String> request(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofString());
    }

    private List<String> shipped() {
        return jdbc.queryForList("SELECT payload FROM shipments", String.class);
    }

    private List<Notification> found(String orderNo) {
        NotificationFilter filter =
                NotificationFilter.ANY.ofMerchant(RUNG.merchant().id()).ofOrder(orderNo);
        return rung.notifications(filter, null).data();
    }

    private Notification delivered(String orderNo) {
        await().atMost(AT_MOST)
                .until(() -> found(orderNo).stream().anyMatch(n -> n.state() == NotificationState.DELIVERED));
        return found(orderNo).get(0);
    }

    @Test
    void aCommitEndsInADelivery() throws Exception {
        assertThat(request("POST", "/orders/A1", "").statusCode()).isEqualTo(201);
        await().atMost(AT_MOST).until(() -> !shipped().isEmpty());
        assertThat(shipped()).containsExactly("{\"order_no\":\"A1\"}");
        delivered("A1");

        String metrics =
                request("GET", "/actuator/metrics/rung.outbox.submitted", "").body();
        assertThat(metrics).contains("\"value\":").doesNotContain("\"value\":0.0");
    }

    @Test
    void whatIsRolledBackIsNotSent() throws Exception {
        assertThat(request("POST", "/orders/F1", "").statusCode()).isEqualTo(500);
        assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM rung_outbox", Integer.class))
                .isZero();
    }

    @Test
    void aHandlerThatFailsIsRolledBackAndTriedAgain() throws Exception {
        failures.set(1);
        request("POST", "/orders/A2", "");
        await().atMost(AT_MOST).until(() -> !shipped().isEmpty());
        assertThat(delivered("A2").attemptsMade()).isEqualTo(2);
        assertThat(shipped()).hasSize(1);
    }

    @Test
    void aRepetitionIsAcknowledgedWithoutTheHandler() throws Exception {
        request("POST", "/orders/A3", "");
        String id = delivered("A3").id();
        rung.resend(id);
        await().atMost(AT_MOST).until(() -> rung.notification(id).attempts().size() == 2);
        assertThat(rung.notification(id).attempts())
                .allSatisfy(a -> assertThat(a.responseBody()).isEqualTo("success"));
        assertThat(shipped()).hasSize(1);
    }

    @Test
    void aRequestThatRungDidNotSignIsRefused() throws Exception {
        assertThat(request("POST", "/webhooks", "{}").statusCode()).isEqualTo(401);
        assertThat(shipped()).isEmpty();
        assertThat(request("POST", "/plain", "{}").body()).isEqualTo("plain");
        assertThat(request("POST", "/nowhere", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndTheOutboxAreShown() throws Exception {
        assertThat(request("GET", "/actuator/health", "").body())
                .contains("\"rung\":{", "\"status\":\"ready\"")
                .doesNotContain("DOWN");
        assertThat(request("GET", "/actuator/rungoutbox", "").body()).contains("\"waiting\":", "\"failed\":[]");
        assertThat(request("DELETE", "/actuator/rungoutbox/4711", "").body()).isEqualTo("false");
    }
}
