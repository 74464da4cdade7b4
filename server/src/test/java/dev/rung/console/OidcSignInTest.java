package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in by OpenID Connect at a Spring Authorization Server. */
class OidcSignInTest {
    @TempDir
    static Path folder;

    private static int port;
    private static TestIdentityProvider provider;
    private static ServerFixture scene;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        provider = new TestIdentityProvider("http://127.0.0.1:" + port + "/sign-in/oidc/callback");
        scene = server(provider.issuer());
    }

    @AfterAll
    static void stop() {
        scene.close();
        provider.close();
    }

    private static ServerFixture server(URI issuer) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), TestIdentityProvider.CLIENT_SECRET + "\n");
        return new ServerFixture(
                folder.resolve("data"),
                Map.of(
                        Setting.PORT,
                        Integer.toString(port),
                        Setting.OIDC_ISSUER,
                        issuer.toString(),
                        Setting.OIDC_CLIENT_ID,
                        TestIdentityProvider.CLIENT_ID,
                        Setting.OIDC_CLIENT_SECRET_FILE,
                        secret.toString(),
                        Setting.OIDC_OPERATORS,
                        "payments,admins",
                        Setting.OIDC_VIEWERS,
                        "auditors"));
    }

    private static ConsoleHttpClient visitor() {
        return new ConsoleHttpClient(scene.server.address());
    }

    private static String location(HttpResponse<?> response) {
        return response.headers().firstValue("location").orElseThrow(() -> new AssertionError(response.toString()));
    }

    /** What the provider's redirect leads to, as path and query. */
    private static String callback(String authorizationUrl, String user) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest authorization = HttpRequest.newBuilder(URI.create(authorizationUrl))
                    .header(TestIdentityProvider.USER, user)
                    .build();
            URI back = URI.create(location(http.send(authorization, HttpResponse.BodyHandlers.ofString())));
            assertThat(back.getPort()).isEqualTo(port);
            return back.getRawPath() + "?" + back.getRawQuery();
        }
    }

    private static HttpResponse<String> signIn(ConsoleHttpClient person, String user, String next)
            throws IOException, InterruptedException {
        String start = location(person.get("/sign-in/oidc?next=" + next));
        assertThat(start).startsWith(provider.issuer() + "/oauth2/authorize?").contains("code_challenge=", "nonce=");
        return person.get(callback(start, user));
    }

    @Test
    void anOperatorOfTheProviderIsAnOperatorHere() throws IOException, InterruptedException {
        String merchant = scene.merchant();
        ConsoleHttpClient alice = visitor();
        HttpResponse<String> back = signIn(alice, "alice", "/merchants");
        assertThat(location(back)).isEqualTo("/merchants");
        assertThat(back.headers().allValues("set-cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains("rung_session", "HttpOnly", "SameSite=Strict"))
                .anySatisfy(cookie -> assertThat(cookie).contains("rung_oidc", "Max-Age=0"));
        assertThat(alice.get("/merchants").body()).contains("Operator");
        assertThat(alice.change("/merchants/" + merchant + "/pause", Map.of()).statusCode())
                .isEqualTo(303);
        String audit = scene.viewer.get("/v1/audit?actor=alice").expect(200).text();
        assertThat(audit).contains("console.sign_in", "merchant.pause", "\"actor_id\":\"usr_alice\"");
        assertThat(alice.change("/sign-out", Map.of()).statusCode()).isEqualTo(303);
        assertThat(location(alice.get("/merchants"))).startsWith("/sign-in");
    }

    @Test
    void aViewerOfTheProviderChangesNothing() throws IOException, InterruptedException {
        ConsoleHttpClient bob = visitor();
        signIn(bob, "bob", "/");
        assertThat(bob.get("/").body()).contains("Viewer");
        assertThat(bob.change("/ladders", Map.of()).statusCode()).isEqualTo(403);
    }

    @Test
    void whoIsNeitherHasNoAccess() throws IOException, InterruptedException {
        ConsoleHttpClient carol = visitor();
        String next = location(signIn(carol, "carol", "/"));
        assertThat(next).isEqualTo("/sign-in?failed=oidc_access");
        assertThat(carol.get(next).body()).contains("Your account has no access");
        assertThat(carol.get("/").statusCode()).isEqualTo(303);
        await().untilAsserted(() -> assertThat(scene.viewer
                        .get("/v1/audit?action=sign_in.failed&actor=carol")
                        .expect(200)
                        .json()
                        .get("data"))
                .hasSize(1));
    }

    @Test
    void anotherServerFinishesTheSignIn() throws IOException, InterruptedException {
        ConsoleHttpClient alice = visitor();
        String back = callback(location(alice.get("/sign-in/oidc")), "alice");
        scene.close();
        scene = server(provider.issuer());
        assertThat(location(alice.get(back))).isEqualTo("/");
        assertThat(alice.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aSignInThatThisBrowserDidNotBeginIsRefused() throws IOException, InterruptedException {
        String back = callback(location(visitor().get("/sign-in/oidc")), "alice");
        ConsoleHttpClient victim = visitor();
        assertThat(location(victim.get(back))).isEqualTo("/sign-in?failed=oidc");
        victim.get("/sign-in/oidc");
        assertThat(location(victim.get(back))).isEqualTo("/sign-in?failed=oidc");
        assertThat(victim.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void theProviderIsAskedWhenSomeoneSignsInAndNotBefore(@TempDir Path data) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            String nowhere = "http://127.0.0.1:" + free.getLocalPort();
            free.close();
            Map<Setting, String> settings =
                    Map.of(Setting.OIDC_ISSUER, nowhere, Setting.OIDC_CLIENT_ID, "rung", Setting.OIDC_VIEWERS, "staff");
            try (ServerFixture server = new ServerFixture(data, settings)) {
                ConsoleHttpClient person = new ConsoleHttpClient(server.server.address());
                assertThat(person.get("/sign-in").body()).contains("href=\"/sign-in/oidc?next=");
                String next = location(person.get("/sign-in/oidc"));
                assertThat(next).isEqualTo("/sign-in?failed=oidc_unavailable");
                assertThat(person.get(next).body()).contains("The identity provider is not available");
            }
        }
    }

    @Test
    void withoutAProviderThereIsNoSuchSignIn(@TempDir Path data) {
        try (ServerFixture server = new ServerFixture(data)) {
            ConsoleHttpClient person = new ConsoleHttpClient(server.server.address());
            assertThat(person.get("/sign-in").body()).doesNotContain("/sign-in/oidc");
            assertThat(person.get("/sign-in/oidc").statusCode()).isEqualTo(404);
        }
    }
}
