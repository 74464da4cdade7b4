package dev.rung.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
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

/** The demo's payers: they pay the merchants in turn, at a pace that can be watched, and not for ever. */
final class DemoTraffic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);

    /** Then the data dir has grown enough; more than two hours at the usual pace. */
    private static final int PAYMENTS_MAX = 20_000;

    private static final int MERCHANTS_PAGE = 100;
    /** In so many rounds, the merchant that hangs is paid once. */
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

    /** How payments end, each as often as it stands here. */
    private static final List<Manner> MANNERS = List.of(
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"1s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"3s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"4s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"8s\"}"),
            new Manner("15m", "{\"outcome\":\"fails\",\"pay_after\":\"2s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"lost\"}"),
            new Manner(
                    "15m",
                    "{\"outcome\":\"succeeds\",\"pay_after\":\"1s\",\"callback\":\"late\",\"callback_delay\":\"8s\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"duplicate\"}"),
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"forged\"}"),
            new Manner("1m", "{\"outcome\":\"never\"}"));

    /** Once in so many payments a callback names another amount, and a person is wanted. */
    private static final int WRONG_AMOUNT_EVERY = 60;

    private static final Manner WRONG_AMOUNT =
            new Manner("15m", "{\"outcome\":\"succeeds\",\"pay_after\":\"2s\",\"callback\":\"wrong-amount\"}");

    private final ApiConnection api;
    private final RandomGenerator random;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> merchants = new ArrayList<>();
    private final String run;

    /** An earlier demo's merchants, by name. */
    private final Map<String, JsonNode> former = new HashMap<>();

    private String hanging = "";

    /**
     * How a payment goes.
     *
     * @param options null: a person decides
     */
    private record Manner(String expiresIn, @Nullable String options) {}

    /**
     * @param pause between two payments
     * @param run tells this run's order numbers from another's
     */
    DemoTraffic(ApiConnection api, RandomGenerator random, Duration pause, String run) {
        this.api = api;
        this.random = random;
        this.pause = pause;
        this.run = run;
        for (JsonNode merchant :
                api.get("/v1/merchants?limit=" + MERCHANTS_PAGE).path("data")) {
            former.put(merchant.path("name").asString(""), merchant);
        }
    }

    /** Where the merchant listened in an earlier demo; 0 if there was none. */
    int formerPort(DemoShop.Behavior behavior) {
        JsonNode merchant = former.get(behavior.merchant());
        return merchant == null
                ? 0
                : Math.max(
                        0, URI.create(merchant.path("notify_url").asString("")).getPort());
    }

    /** Makes the merchants known to the server; those of an earlier demo move to their new addresses. */
    void introduce(List<DemoShop> shops) {
        for (DemoShop shop : shops) {
            JsonNode known = former.get(shop.behavior().merchant());
            merchants.add(known == null ? create(shop) : move(known.path("id").asString(""), shop));
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
        return api.post("/v1/merchants", bytes(merchant), Map.of()).path("id").asString("");
    }

    private String move(String id, DemoShop shop) {
        ObjectNode change = JsonOutput.MAPPER.createObjectNode().put("notify_url", shop.url());
        api.demand(api.ask("PATCH", "/v1/merchants/" + PathSegments.of(id), bytes(change), Map.of()));
        return id;
    }

    /** Asks for one payment that a person decides; where to do that. */
    String byHand() {
        return pay(0, new Manner("1h", null)).path("pay_url").asString("");
    }

    /** Begins. */
    void start() {
        Thread.ofVirtual().name("demo-traffic").start(this::flow);
    }

    private void flow() {
        try {
            for (int i = 1; i <= PAYMENTS_MAX && !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS); i++) {
                try {
                    pay(i, i % WRONG_AMOUNT_EVERY == 0 ? WRONG_AMOUNT : MANNERS.get(random.nextInt(MANNERS.size())));
                } catch (CommandFailed e) {
                    LOG.debug("a payment of the demo was not taken: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode pay(int number, Manner manner) {
        ObjectNode payment = JsonOutput.MAPPER.createObjectNode();
        payment.put("merchant_id", payee(number));
        payment.put("out_trade_no", String.format(Locale.ROOT, "%s-%05d", run, number));
        payment.putObject("amount").put("value", random.nextLong(100, 50_000)).put("currency", "CNY");
        payment.put("subject", SUBJECTS.get(random.nextInt(SUBJECTS.size())));
        payment.put("channel", "simulator");
        payment.put("expires_in", manner.expiresIn());
        if (manner.options() != null) {
            payment.set("channel_options", JsonOutput.MAPPER.readTree(manner.options()));
        }
        return api.post("/v1/payments", bytes(payment), Map.of());
    }

    /** In turn; but what hangs takes half a minute of its only slot to climb, and with more it would fall behind for ever. */
    private String payee(int number) {
        String turn = merchants.get(number % merchants.size());
        boolean spared = turn.equals(hanging) && number / merchants.size() % HANGING_EVERY != 0;
        return spared ? merchants.getFirst() : turn;
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        api.close();
    }
}
