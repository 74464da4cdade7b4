package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.Routes;
import dev.rung.server.fixture.Routes.Route;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in, sessions, and protection against other sites. */
class SignInTest {
    @TempDir
    static Path folder;

    private static ServerFixture scene;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static ConsoleHttpClient visitor() {
        return new ConsoleHttpClient(scene.server.address());
    }

    private static ConsoleHttpClient operator() {
        return visitor().signIn(ServerFixture.OPERATOR_KEY);
    }

    @Test
    void whoIsNotSignedInIsSentToTheDoorAndComesBackToThePageAskedFor() {
        HttpResponse<String> answer = visitor().get("/notifications?state=exhausted");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("location"))
                .contains("/sign-in?next=%2Fnotifications%3Fstate%3Dexhausted");
        HttpResponse<String> in =
                visitor().post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY, "next", "/notifications"));
        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.headers().firstValue("location")).contains("/notifications");
    }

    @Test
    void theWayBackNeverLeadsToAnotherSite() {
        for (String elsewhere : new String[] {"//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"}) {
            HttpResponse<String> in =
                    visitor().post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY, "next", elsewhere));
            assertThat(in.headers().firstValue("location")).as(elsewhere).contains("/");
        }
    }

    @Test
    void theOperatorAndTheViewerComeInAndTheirPagesSayWhoTheyAre() {
        assertThat(operator().get("/").body()).contains("Operator");
        assertThat(visitor().signIn(ServerFixture.VIEWER_KEY).get("/").body()).contains("Viewer");
    }

    @Test
    void aKeyForIntakeAloneIsTurnedAway() {
        String key = scene.operator
                .post("/v1/keys", "{\"name\":\"shop\",\"role\":\"intake\"}")
                .expect(201)
                .at("/key");
        ConsoleHttpClient visitor = visitor();
        assertThat(visitor.post("/sign-in", Map.of("key", key)).statusCode()).isEqualTo(403);
        assertThat(visitor.cookies()).isEmpty();
    }

    @Test
    void theSessionsCookieIsHiddenFromScriptsAndOtherSites() {
        String cookie = visitor()
                .post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY))
                .headers()
                .firstValue("set-cookie")
                .orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200");
        assertThat(cookie).doesNotContain(ServerFixture.OPERATOR_KEY).doesNotContain("Secure");
    }

    @Test
    void behindTlsTheCookieIsForTlsAlone(@TempDir Path data) {
        try (ServerFixture behind = new ServerFixture(data, Map.of(Setting.BEHIND_PROXY, "true"))) {
            String cookie = new ConsoleHttpClient(behind.server.address())
                    .post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY))
                    .headers()
                    .firstValue("set-cookie")
                    .orElseThrow();
            assertThat(cookie).startsWith("__Host-rung_session=").contains("Secure");
        }
    }

    @Test
    void aSessionThatWasSignedOutIsOverThoughItsCookieWasKept() {
        ConsoleHttpClient person = operator();
        Map<String, String> kept = Map.copyOf(person.cookies());
        assertThat(person.change("/sign-out", Map.of()).statusCode()).isEqualTo(303);
        ConsoleHttpClient thief = visitor();
        thief.cookies().putAll(kept);
        assertThat(thief.get("/").statusCode()).isEqualTo(303);
        assertThat(operator().get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aCookieThatWasMadeUpOrAlteredOpensNothing() {
        ConsoleHttpClient person = operator();
        person.cookies().replaceAll((name, value) -> (value.startsWith("A") ? "B" : "A") + value.substring(1));
        assertThat(person.get("/").statusCode()).isEqualTo(303);
        person.cookies().replaceAll((name, value) -> "!not base64!");
        assertThat(person.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void aChangeWithoutTheTokenIsRefused() {
        ConsoleHttpClient person = operator();
        assertThat(person.post("/sign-out", Map.of()).statusCode()).isEqualTo(403);
        assertThat(person.post("/sign-out", Map.of("csrf", operator().token())).statusCode())
                .isEqualTo(403);
        assertThat(person.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void whatAnotherSitesPageSendsIsRefused() {
        assertThat(visitor()
                        .with("Sec-Fetch-Site", "cross-site")
                        .post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY))
                        .statusCode())
                .isEqualTo(403);
        assertThat(visitor()
                        .with("Origin", "https://evil.example")
                        .post("/preferences", Map.of("theme", "dark"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoComesByALinkFromElsewhereIsLetInBySecondThought() {
        HttpResponse<String> answer = visitor()
                .with("Sec-Fetch-Site", "cross-site")
                .with("Sec-Fetch-Mode", "navigate")
                .get("/notifications");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("http-equiv=\"refresh\"");
    }

    @Test
    void pagesMayNotBeFramedAndRunNoScriptButTheirOwn() {
        HttpResponse<String> page = operator().get("/");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(page.headers().firstValue("cache-control")).contains("no-store");
        assertThat(page.body())
                .doesNotContain("<script>")
                .doesNotContain(" style=")
                .doesNotContain(" onclick=");
    }

    @Test
    void theThirtyFirstWrongKeyIsToWaitAndTheRightOneIsAccepted(@TempDir Path data) {
        try (ServerFixture guarded = new ServerFixture(data)) {
            ConsoleHttpClient guesser = new ConsoleHttpClient(guarded.server.address());
            for (int i = 0; i < 15; i++) {
                assertThat(guesser.post("/sign-in", Map.of("key", "guess-" + i)).statusCode())
                        .isEqualTo(401);
                guarded.caller("guess-" + i).get("/v1/merchants").expectProblem(401);
            }
            HttpResponse<String> refused = guesser.post("/sign-in", Map.of("key", "guess"));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(guarded.caller("guess")
                            .get("/v1/merchants")
                            .expectProblem(429)
                            .header("retry-after"))
                    .isNotEmpty();
            guarded.operator.get("/v1/merchants").expect(200);
            assertThat(guesser.post("/sign-in", Map.of("key", ServerFixture.OPERATOR_KEY))
                            .statusCode())
                    .isEqualTo(303);
            assertThat(guarded.operator.get("/metrics").expect(200).text()).contains("rung_keys_refused_total 32.0");
        }
    }

    @Test
    void behindAProxyTheForwardedAddressCountsIfTheProxyIsTrusted(@TempDir Path data) {
        Map<Setting, String> settings = Map.of(Setting.BEHIND_PROXY, "true", Setting.TRUSTED_PROXIES, "127.0.0.0/8");
        try (ServerFixture guarded = new ServerFixture(data, settings)) {
            ConsoleHttpClient guesser = new ConsoleHttpClient(guarded.server.address())
                    .with("X-Forwarded-For", "198.51.100.1, 203.0.113.7");
            for (int i = 0; i < 31; i++) {
                guesser.post("/sign-in", Map.of("key", "guess-" + i));
            }
            assertThat(guesser.post("/sign-in", Map.of("key", "guess")).statusCode())
                    .isEqualTo(429);
            assertThat(new ConsoleHttpClient(guarded.server.address())
                            .with("X-Forwarded-For", "203.0.113.7, 198.51.100.1")
                            .post("/sign-in", Map.of("key", "guess"))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void assetsAreKeptForGoodUnderAnAddressThatHoldsTheirDigest() {
        ConsoleHttpClient person = visitor();
        String page = person.get("/sign-in").body();
        String path = page.replaceAll("(?s).*href=\"(/console/assets/[0-9a-f]+/console.css)\".*", "$1");
        HttpResponse<String> asset = person.get(path);
        assertThat(asset.statusCode()).isEqualTo(200);
        assertThat(asset.headers().firstValue("cache-control")).contains("public, max-age=31536000, immutable");
        HttpResponse<String> older = person.get("/console/assets/000000000000/console.css");
        assertThat(older.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(person.get("/console/assets/x/../../../etc/passwd").statusCode())
                .isNotEqualTo(200);
    }

    @Test
    void theLanguageIsTheBrowsersUntilAnotherIsChosen() {
        ConsoleHttpClient person = visitor().with("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8");
        assertThat(person.get("/sign-in").body()).contains("lang=\"zh-CN\"").contains("登录");
        HttpResponse<String> chosen = person.post("/preferences", Map.of("language", "en", "back", "/sign-in"));
        assertThat(chosen.headers().firstValue("location")).contains("/sign-in");
        assertThat(person.get("/sign-in").body()).contains("lang=\"en\"").contains("Sign in");
    }

    @Test
    void signingInAndOutIsWrittenDown() {
        operator().change("/sign-out", Map.of());
        assertThat(operator().get("/audit").body()).contains("console.sign_in", "console.sign_out");
    }

    @Test
    void failedSignInsAreCountedInTheAuditLog() {
        visitor().post("/sign-in", Map.of("key", "no-such-key"));
        await().untilAsserted(() -> assertThat(scene.viewer
                        .get("/v1/audit?action=sign_in.failed&actor=anonymous")
                        .expect(200)
                        .text())
                .contains("\"address\":\"127.0.0.1\"", "\"target\":\"console\"", "\"count\":"));
        assertThat(operator().get("/audit?action=sign_in.failed").body()).contains("Failed to sign in", "127.0.0.1");
    }

    @Test
    void aViewersChangesAreRefusedWhereverTheyComeFrom() {
        String merchant = scene.merchant();
        ConsoleHttpClient viewer = visitor().signIn(ServerFixture.VIEWER_KEY);
        List<Route> forms = pages().filter(route -> route.method().equals("POST"))
                .filter(route -> !route.pattern().equals("/sign-out"))
                .toList();
        assertThat(forms).hasSizeGreaterThan(20);
        for (Route form : forms) {
            assertThat(viewer.change(form.example(), Map.of()).statusCode())
                    .as(form.toString())
                    .isEqualTo(403);
        }
        assertThat(viewer.get("/resend").statusCode()).isEqualTo(403);
        assertThat(scene.operator.get("/v1/merchants/" + merchant).expect(200).at("/state"))
                .isEqualTo("active");
    }

    @Test
    void everyPageAndFormRefusesStrangers() {
        ConsoleHttpClient stranger = visitor();
        pages().forEach(page -> {
            HttpResponse<String> answer = page.method().equals("GET")
                    ? stranger.get(page.example())
                    : stranger.post(page.example(), Map.of());
            assertThat(answer.statusCode()).as(page.toString()).isIn(303, 403);
            if (answer.statusCode() == 303) {
                assertThat(answer.headers().firstValue("location").orElse("")).startsWith("/sign-in");
            }
        });
    }

    /** The routes of the console that are not open to everyone. */
    private static Stream<Route> pages() {
        return Routes.of(scene.server).stream()
                .filter(Route::isOfConsole)
                .filter(route -> !route.pattern().startsWith("/sign-in")
                        && !route.pattern().startsWith("/console/assets/")
                        && !route.pattern().equals("/preferences"));
    }
}
