package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's API keys in the console. */
class KeysPageTest {
    private static final Pattern SECRET = Pattern.compile("<code id=\"secret\">(rung_ik_[^<]+)</code>");
    private static final Map<String, String> SHOP = Map.of("name", "shop", "role", "intake", "expires", "2999-12-31");

    @Test
    void aKeyIsCreatedShownOnceAndRevokedByOperatorsAlone(@TempDir Path dataDir) {
        try (ServerFixture scene = new ServerFixture(dataDir);
                ConsoleHttpClient operator =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
                ConsoleHttpClient viewer =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.VIEWER_KEY)) {
            Matcher shown = SECRET.matcher(operator.change("/keys", SHOP).body());
            assertThat(shown.find()).isTrue();
            scene.caller(shown.group(1)).get("/v1/notifications").expect(200);

            String page = operator.get("/keys").body();
            assertThat(page).contains("shop", "2999-12-31", "this session").doesNotContain(shown.group(1));
            assertThat(page).as("a key that does not expire").doesNotContain("1970-01-01");
            assertThat(operator.with("Accept-Language", "zh").get("/keys").body())
                    .contains("API 密钥");
            assertThat(viewer.get("/keys").body()).contains("shop").doesNotContain("new-key", "/revoke");
            assertThat(viewer.change("/keys", SHOP).statusCode()).isEqualTo(403);

            Matcher id = Pattern.compile("<tr id=\"(key_[^\"]+)\">\\s*<td[^>]*><span[^>]*>shop")
                    .matcher(page);
            assertThat(id.find()).isTrue();
            String revoke = "/keys/" + id.group(1) + "/revoke";
            assertThat(viewer.change(revoke, Map.of()).statusCode()).isEqualTo(403);
            assertThat(operator.change(revoke, Map.of()).headers().firstValue("location"))
                    .hasValue("/keys?done=key_revoked");
            scene.caller(shown.group(1)).get("/v1/notifications").expectProblem(401);
            assertThat(operator.get("/keys").body()).doesNotContain(">shop<");
        }
    }

    @Test
    void whatIsWrongIsShownAtTheField(@TempDir Path dataDir) {
        try (ServerFixture scene = new ServerFixture(dataDir);
                ConsoleHttpClient operator =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY)) {
            var answer = operator.change("/keys", Map.of("name", "shop", "role", "viewer", "expires", "2020-01-01"));
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("id=\"expires-error\"", "value=\"shop\"");
        }
    }
}
