package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationsTest {
    private static final String PATH = "/v1/reconciliations";
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String finding(String kind, String number) {
        return "{\"kind\":\"" + kind + "\",\"out_trade_no\":\"" + number
                + "\",\"channel_trade_no\":\"T1\",\"payment_id\":null,\"detail\":\"on the bill: 两杯茶\"}";
    }

    private static String body(String... findings) {
        return "{\"channel\":\"simulator\",\"findings\":[" + String.join(",", findings) + "]}";
    }

    private static long openOnes(String number) {
        return scene.viewer
                .get("/v1/discrepancies?limit=1000")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .filter(d -> d.get("subject").asString().equals(number + " T1"))
                .count();
    }

    @Test
    void aFindingBecomesADiscrepancyOnce() {
        String two = body(finding("missing_here", "R-1"), finding("state_mismatch", "R-1"));

        assertThat(scene.operator.post(PATH, two).expect(200).text()).isEqualTo("{\"stored\":2,\"known\":0}");
        assertThat(scene.operator
                        .post(PATH, body(finding("missing_here", "R-1"), finding("missing_here", "R-2")))
                        .expect(200)
                        .text())
                .isEqualTo("{\"stored\":1,\"known\":1}");
        assertThat(openOnes("R-1")).isEqualTo(2);
        assertThat(openOnes("R-2")).isEqualTo(1);
        assertThat(scene.operator.post(PATH, body()).expect(200).text()).isEqualTo("{\"stored\":0,\"known\":0}");
    }

    @Test
    void onlyTheOperatorReports() {
        scene.viewer.post(PATH, body()).expectProblem(403);
        scene.anonymous.post(PATH, body()).expectProblem(401);
    }

    @Test
    void whatIsWrongIsNamedAndNothingIsKept() {
        scene.operator
                .post(PATH, "{\"channel\":\"alipay\",\"findings\":{},\"more\":1}")
                .expectInvalid("channel")
                .expectInvalid("findings")
                .expectInvalid("more");
        scene.operator
                .post(
                        PATH,
                        body(
                                finding("missing_here", "R-3"),
                                finding("unresolved", "R-4"),
                                "{\"kind\":\"paid\",\"out_trade_no\":\"\",\"payment_id\":\"pay_0000000000000\",\"x\":1}",
                                "7"))
                .expectInvalid("findings[1].kind")
                .expectInvalid("findings[2].kind")
                .expectInvalid("findings[2].out_trade_no")
                .expectInvalid("findings[2].payment_id")
                .expectInvalid("findings[2].detail")
                .expectInvalid("findings[2].x")
                .expectInvalid("findings[3]");
        assertThat(openOnes("R-3")).isZero();
    }

    @Test
    void aThousandAreTakenAtOnceAndNoMore() {
        String[] findings = IntStream.range(0, 1_001)
                .mapToObj(i -> finding("missing_here", "M-" + i))
                .toArray(String[]::new);

        scene.operator.post(PATH, body(findings)).expectInvalid("findings");
        String thousand = IntStream.range(0, 1_000).mapToObj(i -> findings[i]).collect(Collectors.joining(","));
        assertThat(scene.operator.post(PATH, body(thousand)).expect(200).text())
                .isEqualTo("{\"stored\":1000,\"known\":0}");
    }
}
