package dev.rung.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against canned answers in the API's words. */
class RungClientTest {
    private static final String MERCHANT = """
            {"id":"mch_1","name":"Tea House","notify_url":null,"ladder":["1s","1500ms"],"acknowledge":"2xx","signing":"hmac",
             "max_in_flight":32,"state":"active","created_at":"2026-11-23T10:00:00.123Z","health":{"standing":"good"}%s}
            """;
    private static final String NOTIFICATION = """
            {"id":"ntf_1","merchant_id":"mch_1","endpoint_id":null,"event_id":"evt_1","order_no":"T1","event_type":null,"url":"https://shop.example/","ladder":["3s","30s"],
             "ladder_name":null,"state":"%s","attempts_made":1,"attempts_max":3,"next_attempt_at":"2026-11-23T10:00:03.000Z",
             "created_at":"2026-11-23T10:00:00.000Z","settled_at":null%s}
            """;
    private static final String ATTEMPTS = """
            ,"attempts":[{"number":1,"due_at":"2026-11-23T10:00:00.000Z","started_at":"2026-11-23T10:00:00.002Z","late_ms":2,
              "duration_ms":5003,"outcome":"timed_out","http_status":null,"response_body":null,
              "error":"no complete response within 5s","may_repeat":false,"superseded":true}]
            """;

    private final Deque<Canned> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private RungClient rung;

    private record Canned(int status, String body, Map<String, String> headers) {}

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        rung = RungClient.builder()
                .server(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .key("key-1")
                .retries(Retries.NONE)
                .build();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer key-1");
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (key == null ? "" : " [" + key + "]") + (body.isEmpty() ? "" : " " + body));
        Canned canned = answers.remove();
        canned.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = canned.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(canned.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void will(int status, String body) {
        answers.add(new Canned(status, body, Map.of()));
    }

    private void asked(String... expected) {
        assertThat(requests).containsExactly(expected);
    }

    @Test
    void channelAccountsAreManaged() {
        String account = """
                {"name":"shanghai","type":"alipay","source":"api","methods":["qr"],"secrets":["private_key"],"problem":null,
                 "app_id":"2021"}""";
        Channel shanghai = new Channel("shanghai", "alipay", "api", List.of("qr"), List.of("private_key"), null);
        will(201, account);
        assertThat(rung.channels().create("shanghai", "alipay", Map.of("app_id", "2021")))
                .isEqualTo(shanghai);
        will(200, "{\"data\":[" + account + "],\"next_cursor\":null}");
        assertThat(rung.channels().list()).containsExactly(shanghai);
        will(200, account);
        assertThat(rung.channels().update("shanghai", Map.of("bills", Map.of("at", "11:00"))))
                .isEqualTo(shanghai);
        will(200, "{\"ok\":false,\"problems\":[\"a wrong key\"]}");
        assertThat(rung.channels().check("shanghai")).containsExactly("a wrong key");
        will(204, "");
        rung.channels().delete("shanghai");
        asked(
                "POST /v1/channels {\"name\":\"shanghai\",\"type\":\"alipay\",\"app_id\":\"2021\"}",
                "GET /v1/channels",
                "PATCH /v1/channels/shanghai {\"bills\":{\"at\":\"11:00\"}}",
                "POST /v1/channels/shanghai/check",
                "DELETE /v1/channels/shanghai");
    }

    @Test
    void makesChangesAndShowsMerchants() {
        will(201, MERCHANT.formatted(",\"signing_secret\":\"whsec_x\""));
        will(200, MERCHANT.formatted(""));
        will(200, MERCHANT.formatted(""));
        Merchant made = rung.createMerchant(MerchantFields.named("Tea House")
                .withNotifyUrl("https://shop.example/")
                .withLadder(Ladder.of(Duration.ofSeconds(1), Duration.ofMillis(1500)))
                .withAcknowledge(Acknowledge.BODY_SUCCESS)
                .withSigning(Signing.RSA2_FORM)
                .withMaxInFlight(5));
        assertThat(made.signingSecret()).isEqualTo("whsec_x");
        assertThat(made).asString().doesNotContain("whsec_x");
        Merchant shown = rung.merchant("mch_1");
        assertThat(shown)
                .isEqualTo(new Merchant(
                        "mch_1",
                        "Tea House",
                        null,
                        Ladder.of(Duration.ofSeconds(1), Duration.ofMillis(1500)),
                        Acknowledge.STATUS_2XX,
                        Signing.HMAC,
                        32,
                        "active",
                        Instant.parse("2026-11-23T10:00:00.123Z"),
                        null,
                        null,
                        null,
                        new Merchant.Health("good", 0, 0, 0)));
        rung.updateMerchant("mch_1", MerchantFields.NONE.withLadder(Ladder.named("steps")));
        asked(
                "POST /v1/merchants {\"name\":\"Tea House\",\"notify_url\":\"https://shop.example/\",\"ladder\":[\"1s\",\"1500ms\"],"
                        + "\"acknowledge\":\"body-success\",\"signing\":\"rsa2-form\",\"max_in_flight\":5}",
                "GET /v1/merchants/mch_1",
                "PATCH /v1/merchants/mch_1 {\"ladder\":\"steps\"}");
    }

    @Test
    void pausesResumesTestsAndRotates() {
        will(200, MERCHANT.formatted(""));
        will(200, MERCHANT.formatted("").replace("[\"1s\",\"1500ms\"]", "\"doubling\""));
        will(202, NOTIFICATION.formatted("waiting", ""));
        will(200, MERCHANT.formatted(",\"public_key\":\"whpk_x\",\"previous_key_until\":\"2026-11-24T10:00:00.000Z\""));
        rung.pauseMerchant("mch_1");
        assertThat(rung.resumeMerchant("mch_1").ladder()).isEqualTo(Ladder.named("doubling"));
        assertThat(rung.testMerchant("mch_1").id()).isEqualTo("ntf_1");
        Merchant rotated = rung.rotateSecret("mch_1", Duration.ofHours(24));
        assertThat(rotated.publicKey()).isEqualTo("whpk_x");
        assertThat(rotated.previousKeyUntil()).isEqualTo(Instant.parse("2026-11-24T10:00:00Z"));
        asked(
                "POST /v1/merchants/mch_1/pause",
                "POST /v1/merchants/mch_1/resume",
                "POST /v1/merchants/mch_1/test",
                "POST /v1/merchants/mch_1/rotate-secret {\"overlap\":\"86400s\"}");
    }

    @Test
    void makesListsAndEndsKeys() {
        String key =
                "{\"id\":\"key_1\",\"merchant_id\":\"mch_1\",\"role\":\"manage\",\"hint\":\"wxyz\",\"created_at\":\"2026-11-23T10:00:00.000Z\"%s}";
        will(201, key.formatted(",\"key\":\"rung_secret\""));
        will(200, "{\"data\":[" + key.formatted("") + "],\"next_cursor\":null}");
        will(204, "");
        ApiKey made = rung.createKey("mch_1", MerchantRole.MANAGE);
        assertThat(made.key()).isEqualTo("rung_secret");
        assertThat(made.role()).isEqualTo(MerchantRole.MANAGE);
        assertThat(made).asString().doesNotContain("rung_secret");
        assertThat(rung.keys("mch_1")).singleElement().extracting(ApiKey::hint).isEqualTo("wxyz");
        rung.deleteKey("mch_1", "key_1");
        asked(
                "POST /v1/merchants/mch_1/keys {\"role\":\"manage\"}",
                "GET /v1/merchants/mch_1/keys",
                "DELETE /v1/merchants/mch_1/keys/key_1");
    }

    @Test
    void thePayloadTravelsAsItStands() {
        will(202, NOTIFICATION.formatted("waiting", ",\"attempts\":[]"));
        will(200, NOTIFICATION.formatted("delivered", ",\"attempts\":[]"));
        NewNotification wish = NewNotification.to("mch_1", "{ \"amount\":12.30,\"茶\" : 1E5 }")
                .withOrderNo("T1")
                .withEventType("payment.succeeded")
                .withUrl("https://other.example/")
                .withLadder(Ladder.named("doubling"))
                .withDeliverAt(Instant.parse("2026-11-23T10:00:00Z"))
                .inOrder()
                .withIdempotencyKey("k-1");
        assertThat(rung.send(wish).repeated()).isFalse();
        Accepted again = rung.send(wish);
        assertThat(again.repeated()).isTrue();
        assertThat(again.notification().state()).isEqualTo(NotificationState.DELIVERED);
        String request =
                "POST /v1/notifications [k-1] {\"merchant_id\":\"mch_1\",\"order_no\":\"T1\",\"event_type\":\"payment.succeeded\","
                        + "\"payload\":{ \"amount\":12.30,\"茶\" : 1E5 },\"url\":\"https://other.example/\",\"ladder\":\"doubling\","
                        + "\"deliver_at\":\"2026-11-23T10:00:00Z\",\"ordered\":true}";
        asked(request, request);
    }

    @Test
    void aBatchTellsOfEachItem() {
        will(
                200,
                "{\"results\":[{\"status\":202,\"id\":\"ntf_1\",\"notification\":"
                        + NOTIFICATION.formatted("waiting", "")
                        + "},{\"status\":422,\"error\":{\"type\":\"urn:rung:problem:invalid\",\"title\":\"Invalid request\",\"status\":422,"
                        + "\"detail\":\"x\",\"errors\":[{\"field\":\"notifications[1].payload\",\"message\":\"is too large\"}]}}]}");
        List<BatchItem> items = rung.sendAll(List.of(
                NewNotification.to("mch_1", "1").withIdempotencyKey("k-1"), NewNotification.to("mch_1", "\"two\"")));
        assertThat(items).extracting(BatchItem::isAccepted).containsExactly(true, false);
        assertThat(Objects.requireNonNull(items.get(1).error()).errors())
                .containsExactly(new Problem.FieldError("notifications[1].payload", null, "is too large"));
        asked(
                "POST /v1/notifications/batch {\"notifications\":[{\"merchant_id\":\"mch_1\",\"payload\":1,\"idempotency_key\":\"k-1\"},"
                        + "{\"merchant_id\":\"mch_1\",\"payload\":\"two\"}]}");
    }

    @Test
    void showsANotificationWithItsAttempts() {
        will(200, NOTIFICATION.formatted("a word of a newer server", ATTEMPTS));
        will(200, "{ \"amount\":12.30 }");
        Notification shown = rung.notification("ntf_1");
        assertThat(shown.state()).isEqualTo(NotificationState.UNKNOWN);
        assertThat(shown.ladder()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(30));
        assertThat(shown.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(attempt.durationMs()).isEqualTo(5003);
            assertThat(attempt.httpStatus()).isNull();
            assertThat(attempt.superseded()).isTrue();
        });
        assertThat(rung.payload("ntf_1")).asString(UTF_8).isEqualTo("{ \"amount\":12.30 }");
        asked("GET /v1/notifications/ntf_1", "GET /v1/notifications/ntf_1/payload");
    }

    @Test
    void goesThroughAListThoughPagesComeShort() {
        String page = "{\"data\":[%s],\"next_cursor\":%s}";
        will(200, page.formatted("", "\"c1\""));
        will(200, page.formatted(NOTIFICATION.formatted("exhausted", ""), "\"c 2\""));
        will(200, page.formatted(NOTIFICATION.formatted("exhausted", ""), "null"));
        NotificationFilter filter = NotificationFilter.ANY
                .ofMerchant("mch_1")
                .ofOrder("T 1&x=ü")
                .in(NotificationState.EXHAUSTED)
                .createdBetween(Instant.parse("2026-11-23T00:00:00Z"), Instant.parse("2026-11-24T00:00:00Z"));
        assertThat(Page.all(cursor -> rung.notifications(filter, cursor))).hasSize(2);
        String fields = "merchant_id=mch_1&order_no=T%201%26x%3D%C3%BC&state=exhausted"
                + "&created_from=2026-11-23T00%3A00%3A00Z&created_to=2026-11-24T00%3A00%3A00Z";
        asked(
                "GET /v1/notifications?" + fields,
                "GET /v1/notifications?cursor=c1&" + fields,
                "GET /v1/notifications?cursor=c%202&" + fields);
    }

    @Test
    void resendsAndCancels() {
        will(202, NOTIFICATION.formatted("delivered", ""));
        will(200, NOTIFICATION.formatted("cancelled", ""));
        will(200, "{\"matched\":10000,\"resent\":0,\"next_cursor\":\"c\"}");
        will(200, "{\"matched\":5,\"resent\":5,\"next_cursor\":null}");
        rung.resend("ntf_1");
        assertThat(rung.cancel("ntf_1").state()).isEqualTo(NotificationState.CANCELLED);
        NotificationFilter filter =
                NotificationFilter.ANY.in(NotificationState.EXHAUSTED).ofType("payment.failed");
        assertThat(rung.resendAll(filter, true, null)).isEqualTo(new BulkResult(10_000, 0, "c"));
        assertThat(rung.resendAll(filter, false, "c")).isEqualTo(new BulkResult(5, 5, null));
        asked(
                "POST /v1/notifications/ntf_1/resend",
                "POST /v1/notifications/ntf_1/cancel",
                "POST /v1/notifications/resend {\"state\":\"exhausted\",\"event_type\":\"payment.failed\",\"dry_run\":true}",
                "POST /v1/notifications/resend {\"state\":\"exhausted\",\"event_type\":\"payment.failed\",\"dry_run\":false,\"cursor\":\"c\"}");
    }

    @Test
    void readsAndSavesLadders() {
        will(
                200,
                "{\"data\":[{\"name\":\"steps\",\"steps\":[\"3s\",\"1h30m\"],\"preset\":true}],\"next_cursor\":null}");
        will(200, "{\"name\":\"mine\",\"steps\":[\"1s\"],\"preset\":false}");
        assertThat(rung.ladders())
                .containsExactly(
                        new SavedLadder("steps", List.of(Duration.ofSeconds(3), Duration.ofMinutes(90)), true));
        assertThat(rung.putLadder("mine", List.of(Duration.ofSeconds(1))).preset())
                .isFalse();
        asked("GET /v1/ladders", "PUT /v1/ladders/mine {\"steps\":[\"1s\"]}");
    }

    @Test
    void pullsEventsFromACursor() {
        will(
                200,
                "{\"data\":[" + NOTIFICATION.formatted("delivered", ",\"cursor\":\"e1\"")
                        + "],\"next_cursor\":\"e1\"}");
        will(200, "{\"data\":[],\"next_cursor\":null}");
        Page<Notification> first = rung.events("mch_1", null, 100);
        assertThat(first.data())
                .singleElement()
                .extracting(Notification::cursor)
                .isEqualTo("e1");
        assertThat(rung.events("mch_1", "e1", 100).data()).isEmpty();
        asked("GET /v1/events?merchant_id=mch_1&limit=100", "GET /v1/events?after=e1&merchant_id=mch_1&limit=100");
    }

    @Test
    void listensToTheStream() {
        will(200, """
                : hello

                event: notification.accepted
                data: {"a":1}

                data: {"b":
                data: 2}
                id: 7

                event: cut off
                data: {"c":3}
                """);
        will(503, "{\"title\":\"Unavailable for now\",\"status\":503}");
        List<StreamEvent> events = new ArrayList<>();
        rung.stream(null, events::add);
        assertThat(events)
                .containsExactly(
                        new StreamEvent("notification.accepted", "{\"a\":1}"),
                        new StreamEvent("message", "{\"b\":\n2}"));
        assertThatThrownBy(() -> rung.stream("mch_1", events::add)).hasMessage("503 Unavailable for now");
        asked("GET /v1/stream", "GET /v1/stream?merchant_id=mch_1");
    }

    @Test
    void anErrorSaysWhatIsWrong() {
        answers.add(new Canned(
                503,
                "{\"type\":\"urn:rung:problem:unavailable\",\"title\":\"Unavailable for now\",\"status\":503,\"detail\":\"Too much.\"}",
                Map.of("Retry-After", "2")));
        RungException busy =
                catchThrowableOfType(RungException.class, () -> rung.send(NewNotification.to("mch_1", "1")));
        assertThat(busy).hasMessage("503 Unavailable for now: Too much.");
        assertThat(busy.status()).isEqualTo(503);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(busy.problem().type()).isEqualTo("urn:rung:problem:unavailable");

        will(502, "<html>Bad Gateway</html>");
        assertThatThrownBy(() -> rung.merchant("mch_1"))
                .isInstanceOf(RungException.class)
                .hasMessage("502");
    }

    @Test
    void withoutAnAnswerItIsAnInputOutputError() {
        server.stop(0);
        assertThatThrownBy(() -> rung.ladders()).isInstanceOf(UncheckedIOException.class);
        assertThat(rung).asString().doesNotContain("key-1");
    }

    private static final String PAYMENT = """
            {"id":"pay_1","merchant_id":"mch_1","out_trade_no":"T1","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
             "channel":"simulator","channel_options":{"outcome":"never"},"method":"page","attach":"table 7","state":"%s",
             "pay_url":"https://bank.example/pay","pay_params":null,"problem":null,"channel_trade_no":null,"notify_url":"https://shop.example/","ladder":["3s"],"ladder_name":null,"created_at":"2026-11-23T10:00:00.000Z",
             "expires_at":"2026-11-23T10:15:00.000Z","close_requested_at":null,"paid_at":null}
            """;
    private static final Amount PRICE = new Amount(1230, "CNY");

    @Test
    void asksForPaymentsAndTellsRepetitions() {
        will(201, PAYMENT.formatted("paying"));
        will(200, PAYMENT.formatted("created"));
        PaymentAnswer first = rung.createPayment(NewPayment.of("mch_1", "T1", PRICE, "two teas", "simulator"));
        assertThat(first.repeated()).isFalse();
        assertThat(first.payment().state()).isEqualTo(PaymentState.PAYING);
        assertThat(first.payment().amount()).isEqualTo(PRICE);
        assertThat(first.payment().payUrl()).isEqualTo("https://bank.example/pay");
        assertThat(first.payment().channelOptions()).containsEntry("outcome", "never");
        assertThat(first.payment().method()).isEqualTo(PaymentMethod.PAGE);
        assertThat(first.payment().attach()).isEqualTo("table 7");
        assertThat(first.payment().expiresAt()).isEqualTo(Instant.parse("2026-11-23T10:15:00Z"));
        PaymentAnswer again = rung.createPayment(NewPayment.of("mch_1", "T1", PRICE, "two teas", "simulator")
                .withChannelOptions(Map.of("outcome", "never"))
                .withNotifyUrl("https://shop.example/")
                .expiringIn(Duration.ofMinutes(2))
                .withLadder(Ladder.of(Duration.ofSeconds(3))));
        assertThat(again.repeated()).isTrue();
        String asked =
                "{\"merchant_id\":\"mch_1\",\"out_trade_no\":\"T1\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},"
                        + "\"subject\":\"two teas\",\"channel\":\"simulator\"";
        asked(
                "POST /v1/payments " + asked + "}",
                "POST /v1/payments " + asked + ",\"channel_options\":{\"outcome\":\"never\"},"
                        + "\"notify_url\":\"https://shop.example/\",\"expires_in\":\"120s\",\"ladder\":[\"3s\"]}");
    }

    @Test
    void showsListsSyncsAndClosesPayments() {
        will(200, PAYMENT.formatted("paying"));
        will(200, "{\"data\":[" + PAYMENT.formatted("refunded") + "],\"next_cursor\":null}");
        will(200, PAYMENT.formatted("succeeded"));
        will(200, PAYMENT.formatted("closed"));
        assertThat(rung.payment("pay_1").outTradeNo()).isEqualTo("T1");
        PaymentFilter filter = PaymentFilter.ANY
                .ofMerchant("mch_1")
                .ofNumber("T 1")
                .ofChannel("alipay")
                .in(PaymentState.SUCCEEDED)
                .paidBetween(Instant.parse("2026-11-23T00:00:00Z"), Instant.parse("2026-11-24T00:00:00Z"))
                .ofChannelTradeNo("4200")
                .attached("table 7");
        assertThat(rung.payments(filter, "c1").data())
                .singleElement()
                .satisfies(p -> assertThat(p.state()).isEqualTo(PaymentState.UNKNOWN));
        assertThat(rung.syncPayment("pay_1").state().isFinal()).isTrue();
        assertThat(rung.closePayment("pay_1").state()).isEqualTo(PaymentState.CLOSED);
        asked(
                "GET /v1/payments/pay_1",
                "GET /v1/payments?cursor=c1&merchant_id=mch_1&out_trade_no=T%201&channel=alipay&state=succeeded"
                        + "&paid_from=2026-11-23T00%3A00%3A00Z&paid_to=2026-11-24T00%3A00%3A00Z&channel_trade_no=4200&attach=table%207",
                "POST /v1/payments/pay_1/sync",
                "POST /v1/payments/pay_1/close");
    }

    @Test
    void readsAPaymentsStory() {
        will(200, """
                {"data":[
                 {"at":"2026-11-23T10:00:00.000Z","kind":"request","source":"merchant","detail":"asked for","state":"created","answer":null},
                 {"at":"2026-11-23T10:00:05.000Z","kind":"query","source":"query","detail":"query: final state","query":{"number":1,
                  "due_at":"2026-11-23T10:00:05.000Z","late_ms":1,"duration_ms":3,"answer":"paid","settled":true}},
                 {"at":"2026-11-23T10:00:06.000Z","kind":"callback","source":"callback","detail":"paid","callback":{"verified":true,
                  "headers":"","encoding":"base64","body":"/w=="}}]}""");
        List<TimelineLine> lines = rung.timeline("pay_1");
        assertThat(lines).extracting(TimelineLine::kind).containsExactly("request", "query", "callback");
        assertThat(lines.get(0).state()).isEqualTo(PaymentState.CREATED);
        assertThat(lines.get(1).query())
                .isEqualTo(new TimelineLine.Query(1, Instant.parse("2026-11-23T10:00:05Z"), 1, 3, "paid", true));
        assertThat(lines.get(2).callback()).isEqualTo(new TimelineLine.Callback(true, "", "base64", "/w=="));
        asked("GET /v1/payments/pay_1/timeline");
    }

    @Test
    void listsAndEndsDiscrepancies() {
        String discrepancy = """
                {"id":"dsc_1","kind":"paid_after_close","channel":"alipay","subject":"pay_1","payment_id":"pay_1","detail":"paid as 42",
                 "state":"%s","created_at":"2026-11-23T10:00:00.000Z","resolution":%s}""";
        will(200, "{\"data\":[" + discrepancy.formatted("open", "null") + "],\"next_cursor\":\"c2\"}");
        will(200, discrepancy.formatted("resolved", """
                {"note":"refunded","by":"operator","at":"2026-11-23T11:00:00.000Z"}"""));
        assertThat(rung.discrepancies(false, null).data())
                .singleElement()
                .satisfies(d -> assertThat(d.resolution()).isNull());
        assertThat(rung.resolveDiscrepancy("dsc_1", "refunded").resolution())
                .isEqualTo(new Discrepancy.Resolution("refunded", "operator", Instant.parse("2026-11-23T11:00:00Z")));
        asked("GET /v1/discrepancies?state=open", "POST /v1/discrepancies/dsc_1/resolve {\"note\":\"refunded\"}");
    }

    @Test
    void listsWhatWaitsForApproval() {
        will(200, """
                {"data":[
                 {"kind":"discrepancy","requested_by":"alice","requested_at":"2026-11-23T11:00:00.000Z","refund":null,"discrepancy":
                  {"id":"dsc_1","kind":"paid_after_close","channel":"alipay","subject":"pay_1","payment_id":"pay_1","detail":"paid",
                   "state":"open","created_at":"2026-11-23T10:00:00.000Z","resolution":null,"approval":{"state":"waiting",
                   "accept":"refund","note":"they want it","requested_by":"alice","requested_at":"2026-11-23T11:00:00.000Z"}}},
                 {"kind":"refund","requested_by":"bob","requested_at":"2026-11-23T10:30:00.000Z","discrepancy":null,"refund":
                  {"id":"rfd_1","merchant_id":"mch_1","payment_id":"pay_2","out_trade_no":"T2","out_refund_no":"R1",
                   "amount":{"value":150000,"currency":"CNY"},"channel":"alipay","made_by":"merchant","state":"processing",
                   "approval":{"state":"waiting","requested_by":"bob"},"created_at":"2026-11-23T10:30:00.000Z"}}],
                 "next_cursor":"c2"}""");
        Page<WaitingApproval> page = rung.approvals().waiting("c1");
        assertThat(page.nextCursor()).isEqualTo("c2");
        assertThat(page.data()).extracting(WaitingApproval::requestedBy).containsExactly("alice", "bob");
        assertThat(page.data().get(0).refund()).isNull();
        assertThat(page.data().get(0).discrepancy())
                .satisfies(d -> assertThat(d.id()).isEqualTo("dsc_1"));
        assertThat(page.data().get(1).refund())
                .satisfies(r -> assertThat(r.amount().value()).isEqualTo(150_000));
        assertThat(page.data().get(1).requestedAt()).isEqualTo("2026-11-23T10:30:00Z");
        asked("GET /v1/approvals?cursor=c1");
    }

    @Test
    void sendsATestAlert() {
        will(202, "{\"id\":\"ntf_1\"}");
        assertThat(rung.operations().testAlert()).isEqualTo("ntf_1");
        asked("POST /v1/alerts/test");
    }

    @Test
    void namedKeysAreManaged() {
        String key = """
                {"id":"key_1","name":"alice","role":"intake","hint":"wxyz","created_at":"2026-11-23T10:00:00.000Z",
                 "expires_at":"2027-11-23T10:00:00.000Z","last_used_at":null%s}""";
        will(201, key.formatted(",\"key\":\"rung_secret\""));
        will(200, "{\"data\":[" + key.formatted("") + "],\"next_cursor\":null}");
        will(204, "");
        NamedKey made = rung.operations().createKey("alice", KeyRole.INTAKE, Instant.parse("2027-11-23T10:00:00Z"));
        assertThat(made.key()).isEqualTo("rung_secret");
        assertThat(made).asString().contains("alice").doesNotContain("rung_secret");
        assertThat(rung.operations().keys())
                .singleElement()
                .extracting(NamedKey::role)
                .isEqualTo(KeyRole.INTAKE);
        rung.operations().deleteKey("key_1");
        asked(
                "POST /v1/keys {\"name\":\"alice\",\"role\":\"intake\",\"expires_at\":\"2027-11-23T10:00:00Z\"}",
                "GET /v1/keys",
                "DELETE /v1/keys/key_1");
    }

    @Test
    void rejectedSubmissionsAreReplayedOrDiscarded() {
        String submission = """
                {"id":"rej_1","rejected_at":"2026-11-23T10:00:00.000Z","reason":"merchant_id does not exist.","routing_key":"",
                 "message_id":null,"content_encoding":null,"bytes":2%s}""";
        will(200, "{\"data\":[" + submission.formatted("") + "],\"next_cursor\":\"c\"}");
        will(200, submission.formatted(",\"body\":\"{}\""));
        will(202, NOTIFICATION.formatted("waiting", ",\"attempts\":[]"));
        will(204, "");
        assertThat(rung.operations().rejected(null).nextCursor()).isEqualTo("c");
        assertThat(rung.operations().rejectedSubmission("rej_1").body()).isEqualTo("{}");
        rung.operations().replay("rej_1", Map.of("merchant_id", "mch_1"));
        rung.operations().discard("rej_2");
        asked(
                "GET /v1/rejected",
                "GET /v1/rejected/rej_1",
                "POST /v1/rejected/rej_1/replay {\"set\":{\"merchant_id\":\"mch_1\"}}",
                "DELETE /v1/rejected/rej_2");
    }

    @Test
    void aReconciliationHasTheSumsOfBothSides() {
        String sums = "{\"count\":2,\"amounts\":[{\"value\":2460,\"currency\":\"CNY\"}]}";
        String side = "{\"payments\":" + sums + ",\"refunds\":{\"count\":0,\"amounts\":[]}}";
        will(200, """
                {"data":[{"id":"rcn_1","channel":"alipay","day":"2026-11-23","state":"finished","created_at":"2026-11-24T02:30:02.000Z",
                 "finished_at":"2026-11-24T02:30:05.000Z","problem":null,"result":{"bill":%s,"rung":%s,"differences":0,"suspended":1,
                 "settled":2,"left_out":3,"unreadable":4}}],"next_cursor":null}""".formatted(side, side));
        Reconciliation.Result result = Objects.requireNonNull(
                rung.operations().reconciliations("alipay", null).data().get(0).result());
        assertThat(result.bill().payments().amounts()).containsExactly(new Amount(2460, "CNY"));
        assertThat(result.unreadable()).isEqualTo(4);
        asked("GET /v1/reconciliations?channel=alipay");
    }

    @Test
    void settlementsAndRefundsAreApproved() {
        String discrepancy = """
                {"id":"dsc_1","kind":"paid_after_close","channel":"alipay","subject":"pay_1","payment_id":"pay_1","detail":"paid as 42",
                 "state":"open","created_at":"2026-11-23T10:00:00.000Z","approval":{"state":"waiting","accept":"refund",
                 "note":"wrong goods","requested_by":"alice","requested_at":"2026-11-23T11:00:00.000Z"},"resolution":null}""";
        String refund = """
                {"id":"rfd_1","merchant_id":"mch_1","payment_id":"pay_1","out_trade_no":"T1","out_refund_no":"R1",
                 "amount":{"value":500,"currency":"CNY"},"reason":null,"channel":"alipay","made_by":"merchant",
                 "state":"processing","channel_refund_no":null,"failure":null,"notify_url":null,
                 "approval":{"state":"approved","requested_by":"alice","approved_by":"bob","approved_at":"2026-11-23T11:00:00.000Z"},
                 "created_at":"2026-11-23T10:00:00.000Z","refunded_at":null}""";
        will(200, discrepancy);
        will(200, discrepancy);
        will(200, refund);
        assertThat(rung.approvals()
                        .accept("dsc_1", Acceptance.REFUND, "wrong goods")
                        .approval())
                .isEqualTo(new Discrepancy.Approval(
                        "refund", "wrong goods", "alice", Instant.parse("2026-11-23T11:00:00Z")));
        rung.approvals().rejectDiscrepancy("dsc_1");
        assertThat(rung.approvals().approveRefund("rfd_1").approval())
                .isEqualTo(new Refund.Approval("approved", "alice", "bob"));
        asked(
                "POST /v1/discrepancies/dsc_1/resolve {\"note\":\"wrong goods\",\"accept\":\"refund\"}",
                "POST /v1/discrepancies/dsc_1/reject",
                "POST /v1/refunds/rfd_1/approve");
    }
}
