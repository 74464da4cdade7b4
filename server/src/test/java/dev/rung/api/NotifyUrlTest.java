package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A URL is refused where it is given, or it can be delivered to. */
class NotifyUrlTest {
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static void isRefused(TestResponse response, String field, String code) {
        response.expectInvalid(field);
        assertThat(response.at("/errors/0/code")).isEqualTo(code);
        assertThat(response.at("/errors/0/message")).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "http://a..x/, invalid_url",
        "http://4294967296/, invalid_url",
        "http://shop.example:22/, invalid_url",
        "http://10.0.0.1/, not_reachable",
        "http://[fd00::1]/, not_reachable",
        "http://0xa000001/, not_reachable"
    })
    void whatCannotBeReachedIsRefusedWhereverItIsGiven(String url, String code) {
        String merchant = scene.merchant();
        isRefused(
                scene.operator.post("/v1/merchants", "{\"name\":\"a\",\"notify_url\":\"" + url + "\"}"),
                "notify_url",
                code);
        isRefused(
                scene.operator.patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + url + "\"}"),
                "notify_url",
                code);
        String notification = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"url\":\"" + url + "\"}";
        isRefused(scene.operator.post("/v1/notifications", notification), "url", code);
        TestResponse batch = scene.operator
                .post("/v1/notifications/batch", "{\"notifications\":[" + notification + "]}")
                .expect(200);
        assertThat(batch.at("/results/0/error/errors/0/code")).isEqualTo(code);
        isRefused(scene.operator.post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"T1","amount":{"value":1,"currency":"CNY"},"subject":"tea",
                         "channel":"simulator","notify_url":"%s"}""".formatted(merchant, url)), "notify_url", code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://my_shop.example/", "http://my-shop/", "https://茶.example/"})
    void unusualNamesAreAccepted(String url) {
        TestResponse created = scene.operator
                .post("/v1/merchants", "{\"name\":\"a\",\"notify_url\":\"" + url + "\"}")
                .expect(201);
        assertThat(created.at("/notify_url")).isEqualTo(url);
    }
}
