package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints in the console. */
class EndpointsPageTest {
    @Test
    void anEndpointIsAddedPausedTestedAndDeleted(@TempDir Path dataDir) {
        try (ServerFixture scene = new ServerFixture(dataDir);
                ConsoleHttpClient operator =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
                ConsoleHttpClient viewer =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.VIEWER_KEY)) {
            String merchant = scene.merchant(",\"headers\":{\"X-Shop\":\"7\"},\"sub_mchid\":\"1900000109\"");
            String page = "/merchants/" + merchant + "/endpoints";
            Map<String, String> form =
                    Map.of("name", "CRM", "url", scene.shop.url(), "events", "payment.*, refund.failed");
            assertThat(operator.change(page, form).body()).contains("whsec_");
            assertThat(operator.get(page).body()).contains("CRM", "payment.*, refund.failed", scene.shop.url());
            assertThat(viewer.get(page).body()).contains("CRM").doesNotContain("/delete\"");
            assertThat(viewer.get("/merchants/" + merchant).body()).contains("X-Shop", "Endpoints (1)", "1900000109");

            String id = scene.operator
                    .get("/v1/merchants/" + merchant + "/endpoints")
                    .at("/data/0/id");
            String endpoint = page + "/" + id;
            assertThat(viewer.change(endpoint + "/pause", Map.of()).statusCode())
                    .isEqualTo(403);
            operator.change(endpoint + "/pause", Map.of());
            String path = "/v1/merchants/" + merchant + "/endpoints/" + id;
            assertThat(scene.operator.get(path).at("/state")).isEqualTo("paused");
            operator.change(endpoint + "/resume", Map.of());
            assertThat(scene.operator.get(path).at("/state")).isEqualTo("active");
            assertThat(operator.change(endpoint + "/test", Map.of()).headers().firstValue("location"))
                    .get()
                    .asString()
                    .contains("/notifications/ntf_");
            assertThat(operator.change(endpoint + "/rotate-secret", Map.of()).body())
                    .contains("whsec_");
            String told = scene.operator
                    .post(
                            "/v1/notifications",
                            "{\"merchant_id\":\"" + merchant + "\",\"event_type\":\"payment.failed\","
                                    + "\"payload\":1}")
                    .expect(202)
                    .at("/also/0/id");
            assertThat(operator.get("/notifications/" + told).body()).contains(id, "evt_");
            headersAndTlsAreReplaced(operator, viewer, page, endpoint, scene, path);
            operator.change(endpoint + "/delete", Map.of());
            scene.operator.get(path).expect(404);
            assertThat(operator.get(page).body()).doesNotContain("CRM");
        }
    }

    private static void headersAndTlsAreReplaced(
            ConsoleHttpClient operator,
            ConsoleHttpClient viewer,
            String page,
            String endpoint,
            ServerFixture scene,
            String path) {
        HttpResponse<String> saved = operator.change(endpoint + "/headers", Map.of("headers", "X-Crm: 7\nX-Token: t"));
        assertThat(saved.headers().firstValue("location")).contains(page + "?done=saved");
        assertThat(scene.operator.get(path).at("/headers/X-Crm")).isEqualTo("***");
        assertThat(operator.get(page).body()).contains("X-Crm, X-Token");
        assertThat(viewer.get(page).body()).contains("X-Crm, X-Token").doesNotContain("/headers\"");
        assertThat(viewer.change(endpoint + "/headers", Map.of()).statusCode()).isEqualTo(403);

        HttpResponse<String> wrong = operator.change(endpoint + "/headers", Map.of("headers", "Host: elsewhere"));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("headers.Host", "X-Crm, X-Token");
        assertThat(operator.change(endpoint + "/tls", Map.of("ca", "no certificate")))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(422))
                .satisfies(answer -> assertThat(answer.body()).contains("tls.ca"));
        operator.change(endpoint + "/headers", Map.of("headers", ""));
        assertThat(scene.operator.get(path).json().path("headers").size()).isZero();
    }
}
