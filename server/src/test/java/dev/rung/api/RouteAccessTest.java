package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.api.AccessRules.Access;
import dev.rung.api.AccessRules.Rule;
import dev.rung.core.model.Role;
import dev.rung.server.fixture.RawRequest;
import dev.rung.server.fixture.Routes;
import dev.rung.server.fixture.Routes.Route;
import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every route of the running server has a rule, and refuses every caller that its rule does not allow. */
class RouteAccessTest {
    /** A merchant's key may make so many changes at once. */
    private static final int CHANGES_OF_A_KEY = 3;

    private static ServerFixture scene;
    private static List<Route> routes;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
        routes = Stream.concat(
                        Routes.of(scene.server).stream().filter(route -> !route.isOfConsole()),
                        IntakeConfiguration.PATHS.stream()
                                .map(path -> new Route("POST", path, IntakeFilter.class.getName())))
                .toList();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void everyRouteHasARuleAndEveryRuleARoute() {
        assertThat(routes).hasSizeGreaterThan(70);
        assertThat(routes).allSatisfy(route -> assertThat(ruleOf(route)).isNotNull());
        assertThat(AccessRules.ALL)
                .allSatisfy(rule -> assertThat(routes).anyMatch(route -> rule.equals(ruleOf(route))));
    }

    @Test
    void fewRoutesNeedNoKey() {
        assertThat(AccessRules.ALL.stream()
                        .filter(rule -> rule.access() == Access.ANYONE)
                        .map(rule -> rule.path().getPatternString()))
                .containsExactlyInAnyOrder(
                        "/health",
                        "/ready",
                        "/openapi.json",
                        "/docs",
                        "/docs/docs.js",
                        "/docs/docs.css",
                        "/callbacks/{account}",
                        "/callbacks/{account}/",
                        "/banks/**");
    }

    @Test
    void everyRouteRefusesACallerWithoutAKey() {
        for (Route route : routes) {
            if (ruleOf(route).access() != Access.ANYONE) {
                assertThat(status(route, "")).as(route.toString()).isEqualTo(401);
            }
        }
    }

    @Test
    void everyRouteRefusesEveryOtherRole() {
        Map<Role, String> keys = new EnumMap<>(Role.class);
        int changes = 0;
        for (Route route : routes) {
            Access access = ruleOf(route).access();
            if (access == Access.ANYONE) {
                continue;
            }
            if (changes % CHANGES_OF_A_KEY == 0) {
                keys.putAll(newKeys());
            }
            changes += route.method().equals("GET") ? 0 : 1;
            Set<Role> allowed = access == Access.LOCAL_OR_READERS ? Access.READERS.roles() : access.roles();
            for (Role role : EnumSet.allOf(Role.class)) {
                if (!allowed.contains(role)) {
                    assertThat(status(route, keys.get(role)))
                            .as("%s for %s", route, role)
                            .isEqualTo(403);
                }
            }
        }
        assertThat(changes).isGreaterThan(30);
    }

    @Test
    void theOperatorMayCallEveryRoute() {
        for (Route route : routes) {
            if (!route.pattern().equals("/v1/stream")) { // it would not end
                assertThat(status(route, ServerFixture.OPERATOR_KEY))
                        .as(route.toString())
                        .isNotIn(401, 403);
            }
        }
    }

    /** Neither its absence nor its methods are for strangers to know. */
    @Test
    void whatNoRuleNamesIsRefusedBeforeItIsLookedFor() {
        for (String path : List.of("/v1", "/v1/", "/v1/merchants/x/y/z", "/v1/notifications/", "/v1//notifications")) {
            assertThat(status("GET", path, "")).as(path).isEqualTo(401);
            assertThat(status("GET", path, ServerFixture.OPERATOR_KEY)).as(path).isEqualTo(404);
        }
        assertThat(status("GET", "/actuator/env", ServerFixture.OPERATOR_KEY)).isEqualTo(404);
        assertThat(status("GET", "/error", "")).isEqualTo(404);
        assertThat(status("TRACE", "/v1/notifications", ServerFixture.OPERATOR_KEY))
                .isEqualTo(405);
        assertThat(status("DELETE", "/health", "")).isEqualTo(405);
        assertThat(AccessRules.methodsOf("/v1/notifications/resend")).containsExactly("POST");
        assertThat(AccessRules.methodsOf("/v1/notifications")).containsExactly("GET", "POST");
    }

    /** The document and the rules agree on what needs a key. */
    @Test
    void theDocumentSaysWhatNeedsAKey() {
        JsonNode paths = scene.contract.document().get("paths");
        for (Route route : routes) {
            JsonNode operation = paths.path(route.pattern()).path(route.method().toLowerCase(Locale.ROOT));
            if (!operation.isMissingNode()) {
                boolean open =
                        operation.has("security") && operation.get("security").isEmpty();
                assertThat(ruleOf(route).access() == Access.ANYONE)
                        .as(route.toString())
                        .isEqualTo(open);
            }
        }
    }

    private static Rule ruleOf(Route route) {
        return AccessRules.ALL.stream()
                .filter(rule -> rule.path().getPatternString().equals(route.pattern())
                        && (rule.method() == null || rule.method().matches(route.method())))
                .findFirst()
                .orElse(null);
    }

    private static Map<Role, String> newKeys() {
        Map<Role, String> keys = new EnumMap<>(Role.class);
        String merchant = scene.merchant();
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.OPERATOR))) {
            String text = "{\"role\":\"" + role.text() + "\"";
            keys.put(
                    role,
                    role.isOfMerchant()
                            ? key("/v1/merchants/" + merchant + "/keys", text + "}")
                            : key("/v1/keys", text + ",\"name\":\"" + role.text() + "\"}"));
        }
        return keys;
    }

    private static String key(String path, String body) {
        return scene.operator.post(path, body).expect(201).at("/key");
    }

    private static int status(Route route, String key) {
        return status(route.method(), route.example(), key);
    }

    /** Of a request that names a host that is not loopback, so that nothing is open as local. */
    private static int status(String method, String path, String key) {
        return RawRequest.status(
                scene.server.address(),
                method + " " + path + " HTTP/1.1\r\nHost: rung.example\r\nConnection: close\r\nContent-Length: 0\r\n"
                        + (key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n") + "\r\n");
    }
}
