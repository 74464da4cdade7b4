package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.Routes;
import dev.rung.server.fixture.Routes.Route;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The merchant's portal: the console for one merchant, which never shows anything of another. */
class PortalTest {
    /** The calls of one key are limited. */
    private static final int CALLS_OF_A_KEY = 8;

    private static final int CHANGES_OF_A_KEY = 20;

    private static ServerFixture scene;
    private static Owned tea;
    private static Owned bakery;

    /** A merchant with one of each. Everything of it has its word in it. */
    private record Owned(
            String word,
            String merchant,
            String notification,
            String payment,
            String refund,
            String endpoint,
            String key,
            Map<String, String> secrets) {

        /** What shows that something is this merchant's. */
        List<String> marks() {
            return List.of(word, merchant, notification, payment, refund, endpoint, key);
        }

        /** The route with the ids of this merchant. */
        String path(Route route) {
            String first = route.pattern().replaceFirst("^/v1", "");
            String id = first.startsWith("/notifications")
                    ? notification
                    : first.startsWith("/payments") ? payment : first.startsWith("/refunds") ? refund : merchant;
            return route.pattern()
                    .replaceAll("\\{(endpoint|endpoint_id)}", endpoint)
                    .replaceAll("\\{(key|key_id)}", key)
                    .replace("{merchant}", merchant)
                    .replace("{refund}", refund)
                    .replace("{id}", id)
                    .replaceAll("\\{[^}]*}", "x")
                    .replace("**", "x");
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        scene = new ServerFixture(folder);
        tea = owned("lapsang");
        bakery = owned("focaccia");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Owned owned(String word) {
        ApiTestClient operator = scene.operator;
        String merchant = operator.post(
                        "/v1/merchants",
                        "{\"name\":\"House of " + word + "\",\"notify_url\":\"" + scene.shop.url() + "/" + word + "\"}")
                .expect(201)
                .at("/id");
        String endpoint = operator.post(
                        "/v1/merchants/" + merchant + "/endpoints",
                        "{\"name\":\"" + word + " crm\",\"url\":\"" + scene.shop.url() + "/" + word
                                + "/crm\",\"events\":[\"other\"]}")
                .expect(201)
                .at("/id");
        Map<String, String> secrets = Map.of("view", key(merchant, "view"), "manage", key(merchant, "manage"));
        String key =
                operator.get("/v1/merchants/" + merchant + "/keys").expect(200).at("/data/0/id");
        String notification = operator.post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"" + word + "-1\",\"event_type\":\"" + word
                                + "\",\"payload\":{\"for\":\"" + word + "\"}}")
                .expect(202)
                .at("/id");
        String payment = operator.post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"" + word
                                + "-T1\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"" + word
                                + "\",\"channel\":\"simulator\",\"channel_options\":{\"pay_after\":\"0s\"}}")
                .expect(201)
                .at("/id");
        await().until(() -> operator.get("/v1/payments/" + payment).expect(200).at("/state"), "succeeded"::equals);
        String refund = operator.post(
                        "/v1/payments/" + payment + "/refunds",
                        "{\"out_refund_no\":\"" + word + "-R1\",\"amount\":{\"value\":100,\"currency\":\"CNY\"}}")
                .expect(201)
                .at("/id");
        await().until(() -> operator.get("/v1/refunds/" + refund).expect(200).at("/state"), "succeeded"::equals);
        return new Owned(word, merchant, notification, payment, refund, endpoint, key, secrets);
    }

    private static String key(String merchant, String role) {
        return scene.operator
                .post("/v1/merchants/" + merchant + "/keys", "{\"role\":\"" + role + "\"}")
                .expect(201)
                .at("/key");
    }

    private static ConsoleHttpClient portal(Owned merchant, String role) {
        return new ConsoleHttpClient(scene.server.address()).signIn(merchant.secrets.get(role));
    }

    private static List<Route> pages(String method) {
        return Routes.of(scene.server).stream()
                .filter(route -> route.isOfConsole() && route.method().equals(method))
                .toList();
    }

    private static void assertNothingOf(Owned other, String body, String what) {
        assertThat(other.marks()).as(what).noneMatch(body::contains);
    }

    @Test
    void noPageShowsAnythingOfAnotherMerchant() {
        for (String role : List.of("view", "manage")) {
            try (ConsoleHttpClient portal = portal(tea, role)) {
                List<String> shown = new ArrayList<>();
                for (Route route : pages("GET")) {
                    HttpResponse<String> own = portal.get(tea.path(route));
                    assertNothingOf(bakery, own.body(), route + " with own ids");
                    if (own.statusCode() == 200) {
                        shown.add(route.pattern());
                    }
                    String path = bakery.path(route);
                    if (!path.equals(tea.path(route))) {
                        HttpResponse<String> foreign = portal.get(path);
                        assertThat(foreign.statusCode()).as(path).isIn(403, 404);
                        // The page of the problem repeats the address that was asked for.
                        assertThat(foreign.body()).as(path).doesNotContain(bakery.word);
                    }
                }
                assertThat(shown)
                        .contains(
                                "/notifications",
                                "/notifications/{id}",
                                "/notifications/{id}/payload",
                                "/payments",
                                "/payments/{id}",
                                "/merchants/{id}",
                                "/merchants/{id}/endpoints")
                        .doesNotContain(
                                "/merchants", "/merchants/names", "/audit", "/channels", "/discrepancies", "/ladders");
            }
        }
    }

    @Test
    void theSidebarNamesTheMerchant() {
        for (String role : List.of("view", "manage")) {
            try (ConsoleHttpClient portal = portal(tea, role)) {
                for (String path :
                        List.of("/merchants/" + tea.merchant, "/notifications", "/notifications/ntf_0000000000000")) {
                    String side = portal.get(path).body().replaceAll("(?s).*<p class=\"who\">(.*?)</p>.*", "$1");
                    assertThat(side).as(path).contains(">House of lapsang<");
                }
            }
        }
        try (ConsoleHttpClient operator =
                new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY)) {
            assertThat(operator.get("/merchants").body()).containsPattern("class=\"who\">.*>Operator<");
        }
    }

    @Test
    void noSearchFindsAnythingOfAnotherMerchant() {
        try (ConsoleHttpClient portal = portal(tea, "manage")) {
            for (String path : List.of(
                    "/notifications?q=" + bakery.notification,
                    "/notifications?q=" + bakery.word + "-1",
                    "/notifications?merchant=" + bakery.merchant,
                    "/notifications?merchant=House+of+" + bakery.word,
                    "/notifications?type=" + bakery.word,
                    "/notifications/rows?ids=" + bakery.notification + "&seen=x",
                    "/payments?q=" + bakery.payment,
                    "/payments?q=" + bakery.word + "-T1",
                    "/payments?merchant=" + bakery.merchant,
                    "/payments/rows?ids=" + bakery.payment + "&seen=x",
                    "/orders/" + tea.merchant + "?no=" + bakery.word + "-1",
                    "/orders/" + bakery.merchant + "?no=" + bakery.word + "-1")) {
                HttpResponse<String> found = portal.get(path);
                assertThat(found.headers().firstValue("location")).as(path).isEmpty();
                // The form shows again what was searched for: only links show what was found.
                assertThat(found.body())
                        .as(path)
                        .doesNotContain("/notifications/" + bakery.notification)
                        .doesNotContain("/payments/" + bakery.payment)
                        .doesNotContain("/merchants/" + bakery.merchant);
            }
            assertThat(portal.get("/notifications").body())
                    .contains("/notifications/" + tea.notification)
                    .doesNotContain("focaccia");
            assertThat(portal.get("/payments").body()).contains("/payments/" + tea.payment);
        }
    }

    @Test
    void noActionChangesAnythingOfAnotherMerchant() {
        String before = state(bakery);
        for (String role : List.of("view", "manage")) {
            for (Route route : pages("POST")) {
                String path = bakery.path(route);
                if (!path.equals(tea.path(route))) {
                    // Of a key each, as the changes of one are limited.
                    try (ConsoleHttpClient portal =
                            new ConsoleHttpClient(scene.server.address()).signIn(key(tea.merchant, role))) {
                        HttpResponse<String> answer = portal.post(
                                path,
                                Map.of("csrf", token(portal), "name", "x", "url", "https://x.example/", "events", "*"));
                        assertThat(answer.statusCode()).as(path).isIn(403, 404);
                    }
                }
            }
        }
        assertThat(state(bakery)).isEqualTo(before);
    }

    private static String state(Owned merchant) {
        return scene.operator
                        .get("/v1/merchants/" + merchant.merchant + "/endpoints")
                        .expect(200)
                        .text()
                + scene.operator
                        .get("/v1/merchants/" + merchant.merchant + "/keys")
                        .expect(200)
                        .text()
                        .replaceAll("\"last_used_at\":[^,}]*", "")
                + scene.operator
                        .get("/v1/notifications?merchant_id=" + merchant.merchant)
                        .expect(200)
                        .json()
                        .get("data")
                        .size();
    }

    @Test
    void noRouteOfTheApiShowsOrChangesAnythingOfAnotherMerchant() {
        String before = state(bakery);
        for (String role : List.of("view", "manage")) {
            ApiTestClient key = scene.caller(tea.secrets.get(role));
            int calls = 0;
            for (Route route : Routes.of(scene.server)) {
                if (route.isOfConsole()
                        || !route.pattern().startsWith("/v1/")
                        || route.pattern().equals("/v1/stream")) {
                    continue;
                }
                if (++calls % CALLS_OF_A_KEY == 0) {
                    key = scene.caller(key(tea.merchant, role));
                }
                String path = bakery.path(route);
                TestResponse answer = key.send(
                        route.method(),
                        path,
                        "{}".getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Type", "application/json"));
                assertNothingOf(bakery, answer.text(), route.toString());
                if (!path.equals(tea.path(route))) {
                    assertThat(answer.status()).as(route + " by " + role).isIn(403, 404);
                }
            }
            for (String path : List.of("/v1/notifications", "/v1/payments", "/v1/events")) {
                TestResponse answer = key.get(path + "?merchant_id=" + bakery.merchant);
                assertThat(answer.text()).doesNotContain(bakery.word);
            }
        }
        assertThat(state(bakery)).isEqualTo(before);
    }

    @Test
    void aViewReadsAndResendsAndNoMore() {
        try (ConsoleHttpClient portal = portal(tea, "view")) {
            String token = token(portal);
            assertThat(portal.post("/notifications/" + tea.notification + "/resend", Map.of("csrf", token))
                            .headers()
                            .firstValue("location"))
                    .hasValueSatisfying(to -> assertThat(to).endsWith("?done=resent"));
            for (String path : List.of("/test", "/rotate-secret", "/keys", "/endpoints", "/pause", "/portal-link")) {
                assertThat(portal.post("/merchants/" + tea.merchant + path, Map.of("csrf", token))
                                .statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(portal.get("/merchants/" + tea.merchant).body())
                    .doesNotContain("rotate-secret", "/keys", "id=\"test\"");
        }
    }

    @Test
    void theChangesOfAMerchantAreLimitedAsByTheApi() {
        Owned own = owned("pu-erh");
        try (ConsoleHttpClient portal = portal(own, "view")) {
            String token = token(portal);
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (int i = 0; i < 2 * CHANGES_OF_A_KEY; i++) {
                answers.add(portal.post("/notifications/" + own.notification + "/resend", Map.of("csrf", token)));
            }
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(303, 429);
            HttpResponse<String> refused = answers.stream()
                    .filter(answer -> answer.statusCode() == 429)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.body()).contains("Too many requests at once. Try again in a moment.");
            assertThat(portal.get("/notifications").statusCode()).isEqualTo(200);
        }
        scene.caller(own.secrets.get("view"))
                .post("/v1/notifications/" + own.notification + "/resend", "")
                .expectProblem(429);
        scene.operator
                .post("/v1/notifications/" + own.notification + "/resend", "")
                .expect(202);
    }

    @Test
    void aManagerTestsRotatesAndKeepsItsEndpointsAndKeys() {
        Owned own = owned("oolong");
        try (ConsoleHttpClient portal = portal(own, "manage")) {
            String token = token(portal);
            String base = "/merchants/" + own.merchant;
            assertThat(portal.get("/").headers().firstValue("location")).hasValue(base);
            assertThat(portal.post(base + "/test", Map.of("csrf", token))
                            .headers()
                            .firstValue("location"))
                    .hasValueSatisfying(to -> assertThat(to).contains("/notifications/ntf_"));
            assertThat(portal.post(base + "/rotate-secret", Map.of("csrf", token, "overlap", "1h"))
                            .body())
                    .contains("whsec_");
            assertThat(portal.post(base + "/keys", Map.of("csrf", token, "role", "view"))
                            .body())
                    .contains("rung_mk_");
            assertThat(portal.post(
                                    base + "/endpoints",
                                    Map.of(
                                            "csrf",
                                            token,
                                            "name",
                                            "erp",
                                            "url",
                                            "https://erp.example/in",
                                            "events",
                                            "*"))
                            .body())
                    .contains("whsec_");
            assertThat(portal.get(base + "/endpoints").body()).contains("https://erp.example/in");
            assertThat(portal.post(base + "/endpoints/" + own.endpoint + "/pause", Map.of("csrf", token))
                            .statusCode())
                    .isEqualTo(303);
            assertThat(portal.post(base + "/endpoints/" + own.endpoint + "/delete", Map.of("csrf", token))
                            .statusCode())
                    .isEqualTo(303);
            assertThat(portal.post(base + "/pause", Map.of("csrf", token)).statusCode())
                    .isEqualTo(403);
        }
        ApiTestClient key = scene.caller(own.secrets.get("manage"));
        String endpoints = "/v1/merchants/" + own.merchant + "/endpoints";
        String added = key.post(endpoints, "{\"name\":\"a\",\"url\":\"https://a.example/\"}")
                .expect(201)
                .at("/id");
        key.patch(endpoints + "/" + added, "{\"name\":\"b\"}").expect(200);
        for (String member :
                List.of("\"max_in_flight\":5", "\"rate\":5", "\"ladder\":\"steps\"", "\"timeout\":\"2s\"")) {
            key.patch(endpoints + "/" + added, "{" + member + "}").expectProblem(403);
            key.post(endpoints, "{\"name\":\"c\",\"url\":\"https://c.example/\"," + member + "}")
                    .expectProblem(403);
        }
    }

    @Test
    void aLinkWorksOnce() {
        URI link = link("{\"role\":\"manage\",\"expires_in\":\"1m\"}");
        assertThat(link.toString()).startsWith(scene.server.address() + "/sign-in/portal?token=");
        String path = link.getRawPath() + "?" + link.getRawQuery();
        try (ConsoleHttpClient first = new ConsoleHttpClient(scene.server.address());
                ConsoleHttpClient second = new ConsoleHttpClient(scene.server.address())) {
            assertThat(headStatus(link)).as("a preview does not use it").isEqualTo(200);
            assertThat(first.get(path).statusCode()).isEqualTo(303);
            assertThat(first.get("/merchants/" + tea.merchant).body()).contains("House of lapsang", "rotate-secret");
            assertThat(first.get("/merchants/" + bakery.merchant).statusCode()).isEqualTo(404);

            HttpResponse<String> again = second.get(path);
            assertThat(again.statusCode()).isEqualTo(401);
            assertThat(again.body()).contains("This link was used already");
            assertThat(second.get("/notifications").statusCode()).isEqualTo(303);
            assertThat(second.get("/sign-in/portal?token=forged").statusCode()).isEqualTo(401);

            assertThat(first.post("/sign-out", Map.of("csrf", token(first))).statusCode())
                    .isEqualTo(303);
        }
        assertThat(scene.operator
                        .get("/v1/audit?action=merchant.portal_link")
                        .expect(200)
                        .at("/data/0/target"))
                .isEqualTo(tea.merchant);
        assertThat(scene.operator
                        .get("/v1/audit?actor=lnk_" + tea.merchant)
                        .expect(200)
                        .at("/data/0/action"))
                .isEqualTo("console.sign_out");
    }

    @Test
    void aLinkExpiresAndEndsWithItsMerchant() {
        URI expired = link("{\"expires_in\":\"1s\"}");
        long end = System.nanoTime() + 1_100_000_000;
        await().until(() -> System.nanoTime() > end);
        assertThat(statusOf(expired)).isEqualTo(401);
        Owned gone = owned("sencha");
        URI link = link(gone, "{}");
        URI unused = link(gone, "{}");
        try (ConsoleHttpClient portal = new ConsoleHttpClient(scene.server.address())) {
            assertThat(portal.get(link.getRawPath() + "?" + link.getRawQuery()).statusCode())
                    .isEqualTo(303);
            assertThat(portal.get("/payments").statusCode()).isEqualTo(200);
            await().until(() -> scene.operator
                            .delete("/v1/merchants/" + gone.merchant + "?cancel_waiting=true")
                            .status()
                    == 204);
            await().untilAsserted(() ->
                    assertThat(portal.get("/payments").statusCode()).isEqualTo(303));
        }
        assertThat(statusOf(unused)).isEqualTo(401);
    }

    @Test
    void whatALinkIsForIsChecked() {
        String links = "/v1/merchants/" + tea.merchant + "/portal-link";
        scene.operator.post(links, "{\"expires_in\":\"25h\"}").expectInvalid("expires_in");
        scene.operator.post(links, "{\"expires_in\":\"500ms\"}").expectInvalid("expires_in");
        scene.operator.post(links, "{\"role\":\"operator\"}").expectInvalid("role");
        scene.operator.post(links, "{\"roles\":\"view\"}").expectInvalid("roles");
        scene.operator.post("/v1/merchants/mch_0000000000000/portal-link", "{}").expectProblem(404);
        scene.viewer.post(links, "{}").expectProblem(403);
        scene.caller(tea.secrets.get("manage")).post(links, "{}").expectProblem(403);
    }

    private static URI link(String body) {
        return link(tea, body);
    }

    private static URI link(Owned merchant, String body) {
        return URI.create(scene.operator
                .post("/v1/merchants/" + merchant.merchant + "/portal-link", body)
                .expect(200)
                .at("/url"));
    }

    private static int headStatus(URI link) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(link).HEAD().build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int statusOf(URI link) {
        try (ConsoleHttpClient client = new ConsoleHttpClient(scene.server.address())) {
            return client.get(link.getRawPath() + "?" + link.getRawQuery()).statusCode();
        }
    }

    /** The root of the console redirects a merchant to its own page. */
    private static String token(ConsoleHttpClient portal) {
        String page = portal.get("/notifications").body();
        int start = page.indexOf("data-csrf=\"") + "data-csrf=\"".length();
        return page.substring(start, page.indexOf('"', start));
    }
}
