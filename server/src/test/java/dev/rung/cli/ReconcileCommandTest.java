package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.reconciliation.SampleBills;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rung reconcile}: a day's bill compared with the payments of a real server. */
class ReconcileCommandTest {
    @TempDir
    Path folder;

    private String zone;
    private ServerFixture scene;
    private Cli cli;
    private String merchant;

    @BeforeEach
    void start() throws IOException {
        // A time zone in which it is about noon, so that all payments of this test are paid on one day.
        int hour = Instant.now().atOffset(ZoneOffset.UTC).getHour();
        zone = ZoneOffset.ofHours(12 - hour).getId();
        cli = new Cli(folder);
        DataDir dir = new DataDir(folder.resolve("rung-data"));
        scene = new ServerFixture(dir.path());
        DataDir.writeForOwner(dir.apiKey(), ServerFixture.OPERATOR_KEY.getBytes(StandardCharsets.US_ASCII));
        new RunningServer(scene.server.address(), ProcessHandle.current().pid()).write(dir);
        merchant = scene.merchant();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private TestResponse payment(String number, String outcome) {
        String id = scene.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                         "channel":"simulator","channel_options":{"outcome":"%s","pay_after":"10ms"}}""".formatted(merchant, number, outcome))
                .expect(201)
                .at("/id");
        String state = outcome.equals("never") ? "paying" : "succeeded";
        await().until(() ->
                scene.operator.get("/v1/payments/" + id).at("/state").equals(state));
        return scene.operator.get("/v1/payments/" + id).expect(200);
    }

    private static String line(TestResponse payment, String amount) {
        return String.join(
                ",",
                payment.at("/id"),
                payment.json().at("/channel_trade_no").asString("T"),
                amount,
                "CNY",
                "succeeded",
                payment.json().at("/paid_at").asString(""));
    }

    private Cli.Run reconcile(String... lines) {
        SampleBills.file(folder, "bill.csv", SampleBills.plain(lines));
        return cli.run("reconcile", "--channel", "simulator", "--file", "bill.csv", "--zone", zone);
    }

    @Test
    void aDayIsComparedAndWhatDiffersIsKept() {
        TestResponse first = payment("T1", "succeeds");
        TestResponse second = payment("T2", "succeeds");
        TestResponse third = payment("T3", "succeeds");
        TestResponse open = payment("T4", "never");

        Cli.Run agreed = reconcile(line(first, "12.30"), line(second, "12.30"), line(third, "12.3"));
        assertThat(agreed.err()).isEmpty();
        assertThat(agreed.out()).contains("3 paid on the bill, 3 paid in Rung", "No differences.");
        assertThat(agreed.code()).isZero();

        String[] wrong = {
            line(first, "12.31"), line(second, "12.30"), line(open, "12.30"), "order-7,T7,1.00,CNY,succeeded,"
        };
        Cli.Run differing = reconcile(wrong);
        assertThat(differing.err()).isEmpty();
        assertThat(differing.out())
                .contains("amount_mismatch", "state_mismatch", "missing_here", "missing_there", "4 differences; 4 new");
        assertThat(differing.code()).isEqualTo(1);
        assertThat(scene.operator
                        .get("/v1/discrepancies")
                        .expect(200)
                        .json()
                        .get("data")
                        .valueStream()
                        .map(d -> d.get("kind").asString()))
                .containsExactlyInAnyOrder("amount_mismatch", "state_mismatch", "missing_here", "missing_there");
        assertThat(reconcile(wrong).out()).contains("4 differences; 0 new");
    }
}
