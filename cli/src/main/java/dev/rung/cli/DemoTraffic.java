package dev.rung.cli;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Creates the demo's payments, for each merchant in turn, up to a maximum number. */
final class DemoTraffic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);

    /** Bounds the data dir; more than two hours at the default rate. */
    private static final int PAYMENTS_MAX = 20_000;

    private static final int MERCHANTS_PAGE = 100;
    /** The merchant that never responds gets a payment only in one of this many rounds. */
    private static final int HANGING_EVERY = 20;

    private static final List<String> SUBJECTS = List.of(
            "two teas",
            "a loaf of rye",
            "bicycle repair",
            "一壶龙井",
            "concert ticket",
            "a week of parking",
            "两碗面",
            "old atlas");

    /** Scenarios, with their frequency. */
    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"1s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"3s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"4s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"8s\"}"),
            new Scenario("15m", "{\"outcome\":\"fails\",\"pay_after\":\"2s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"lost\"}"),
            new Scenario(
                    "15m",
                    "{\"outcome\":\"succeeds\",\"pay_after\":\"1s\",\"callback\":\"late\",\"callback_delay\":\"8s\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"duplicate\"}"),
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"forged\"}"),
            new Scenario("1m", "{\"outcome\":\"never\"}"));

    /** One in this many payments has a callback with a wrong amount, which creates a discrepancy. */
    private static final int WRONG_AMOUNT_EVERY = 60;

    private static final Scenario WRONG_AMOUNT =
            new Scenario("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"wrong-amount\"}");

    private final ApiConnection api;
    private final RandomGenerator random;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> merchants = new ArrayList<>();
    private final String run;

    /** Merchants of the previous run, by name. */
    private final Map<String, JsonNode> previousMerchants = new HashMap<>();

    private String hanging = "";

    /**
     * The course of a payment.
     *
     * @param options of the simulator; null if the user decides on the payment page
     */
    private record Scenario(String expiresIn, @Nullable String options) {}

    /**
     * @param pause between two payments
     * @param run prefix of this run's order numbers
     */
    DemoTraffic(ApiConnection api, RandomGenerator random, Duration pause, String run) {
        this.api = api;
        this.random = random;
        this.pause = pause;
        this.run = run;
        for (JsonNode merchant :
                api.get("/v1/merchants?limit=" + MERCHANTS_PAGE).path("data")) {
            previousMerchants.put(merchant.path("name").asString(""), merchant);
        }
    }

    /** The merchant's port in the previous run; 0 if there was none. */
    int previousPort(DemoShop.Behavior behavior) {
        JsonNode merchant = previousMerchants.get(behavior.merchant());
        return merchant == null
                ? 0
                : Math.max(
                        0, URI.create(merchant.path("notify_url").asString("")).getPort());
    }

    /** Creates the merchants; those of the previous run get their new addresses. */
    void createMerchants(List<DemoShop> shops) {
        for (DemoShop shop : shops) {
            JsonNode known = previousMerchants.get(shop.behavior().merchant());
            merchants.add(known == null ? create(shop) : update(known.path("id").asString(""), shop));
            if (shop.behavior() == DemoShop.Behavior.HANGS) {
                hanging = merchants.getLast();
            }
        }
    }

    private String create(DemoShop shop) {
        ObjectNode merchant = JsonOutput.MAPPER.createObjectNode();
        merchant.put("name", shop.behavior().merchant());
        merchant.put("notify_url", shop.url());
        merchant.put("acknowledge", "body-success");
        return api.post("/v1/merchants", merchant).path("id").asString("");
    }

    private String update(String id, DemoShop shop) {
        ObjectNode change = JsonOutput.MAPPER.createObjectNode().put("notify_url", shop.url());
        api.demand(api.ask("PATCH", "/v1/merchants/" + PathSegments.of(id), change));
        return id;
    }

    /** Creates a payment for the user to decide; returns its payment page. */
    String createManualPayment() {
        return pay(0, new Scenario("1h", null)).path("pay_url").asString("");
    }

    /** Starts the traffic. */
    void start() {
        Thread.ofVirtual().name("demo-traffic").start(this::run);
    }

    private void run() {
        try {
            for (int i = 1; i <= PAYMENTS_MAX && !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS); i++) {
                try {
                    pay(
                            i,
                            i % WRONG_AMOUNT_EVERY == 0
                                    ? WRONG_AMOUNT
                                    : SCENARIOS.get(random.nextInt(SCENARIOS.size())));
                } catch (CommandFailed e) {
                    LOG.debug("a payment of the demo was rejected: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode pay(int number, Scenario scenario) {
        ObjectNode payment = JsonOutput.MAPPER.createObjectNode();
        payment.put("merchant_id", payee(number));
        payment.put("out_trade_no", String.format(Locale.ROOT, "%s-%05d", run, number));
        payment.putObject("amount").put("value", random.nextLong(100, 50_000)).put("currency", "CNY");
        payment.put("subject", SUBJECTS.get(random.nextInt(SUBJECTS.size())));
        payment.put("channel", "simulator");
        payment.put("expires_in", scenario.expiresIn());
        if (scenario.options() != null) {
            payment.set("channel_options", JsonOutput.MAPPER.readTree(scenario.options()));
        }
        return api.post("/v1/payments", payment);
    }

    /** The next merchant; the one that never responds is mostly skipped, because its backlog would grow without limit. */
    private String payee(int number) {
        String next = merchants.get(number % merchants.size());
        boolean skipped = next.equals(hanging) && number / merchants.size() % HANGING_EVERY != 0;
        return skipped ? merchants.getFirst() : next;
    }

    @Override
    public void close() {
        closed.countDown();
        api.close();
    }
}
