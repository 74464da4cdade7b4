package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A merchant that creates payments, and a payer on the bank's page. */
final class PaymentScenario {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ApiTestClient operator;
    private final String merchant;
    private final TestMerchant shop;
    private final HttpClient browser = HttpClient.newHttpClient();

    PaymentScenario(ApiTestClient operator, String merchant, TestMerchant shop) {
        this.operator = operator;
        this.merchant = merchant;
        this.shop = shop;
    }

    /** The same merchant and payer at a restarted server. */
    PaymentScenario at(ApiTestClient restarted) {
        return new PaymentScenario(restarted, merchant, shop);
    }

    String merchant() {
        return merchant;
    }

    /**
     * Creates a payment.
     *
     * @param more further members, each preceded by a comma
     */
    TestResponse ask(String channel, String expiresIn, String more) {
        return operator.post(
                "/v1/payments",
                "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"T" + NUMBERS.incrementAndGet()
                        + "\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"two teas\",\"channel\":\""
                        + channel + "\",\"expires_in\":\"" + expiresIn + "\"" + more + "}");
    }

    /** Creates a payment at the simulated bank and waits until it is placed; {@code options} may be empty. */
    JsonNode placed(String options) {
        return placed("15m", options);
    }

    JsonNode placed(String expiresIn, String options) {
        JsonNode payment = ask("simulator", expiresIn, options.isEmpty() ? "" : ",\"channel_options\":" + options)
                .expect(201)
                .json();
        // On a busy machine the bank may place it after the answer.
        return await().pollDelay(Duration.ZERO)
                .until(() -> now(payment), now -> !now.get("state").asString().equals("created"));
    }

    /** Presses a button on a payment's page. */
    void press(JsonNode payment, String choice) {
        HttpResponse<String> pressed = send(HttpRequest.newBuilder(payUrl(payment))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("choice=" + choice))
                .build());
        assertThat(pressed.statusCode()).isEqualTo(303);
    }

    /** The content of a payment's page. */
    String page(JsonNode payment) {
        HttpResponse<String> page = send(HttpRequest.newBuilder(payUrl(payment)).build());
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body();
    }

    private URI payUrl(JsonNode payment) {
        URI told = URI.create(payment.get("pay_url").asString());
        return operator.server().resolve(told.getPath());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return browser.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode now(JsonNode payment) {
        return operator.get("/v1/payments/" + payment.get("id").asString())
                .expect(200)
                .json();
    }

    JsonNode awaitState(JsonNode payment, String state) {
        await().until(() -> now(payment).get("state").asString().equals(state));
        return now(payment);
    }

    /** The notifications that the merchant received for a payment; waits for the first. */
    List<JsonNode> told(JsonNode payment) {
        await().until(() -> !heard(payment).isEmpty());
        return heard(payment);
    }

    private List<JsonNode> heard(JsonNode payment) {
        return shop.received().stream()
                .map(received -> new ObjectMapper().readTree(received.body()))
                .filter(body -> body.path("payment_id").equals(payment.get("id")))
                .toList();
    }

    /** The kinds of open discrepancies about a payment. */
    List<String> doubts(JsonNode payment) {
        return operator.get("/v1/discrepancies")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .filter(d -> d.path("payment_id").equals(payment.get("id")))
                .map(d -> d.get("kind").asString())
                .toList();
    }
}
