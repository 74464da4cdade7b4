package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    private static final String ACCEPTED = """
            event: notification.accepted
            data: {"type":"notification.accepted","at":"2026-11-23T10:00:00.000Z","notification_id":"ntf_0000000000001",\
            "merchant_id":"mch_1","order_no":"T1","event_type":"payment.succeeded","state":"waiting"}

            """;
    private static final String ATTEMPTED = """
            event: notification.attempted
            data: {"type":"notification.attempted","at":"2026-11-23T10:00:00.009Z","notification_id":"ntf_0000000000001",\
            "event_type":"payment.succeeded","state":"waiting","next_attempt_at":"2026-11-23T10:00:03.009Z",\
            "attempt":{"number":1,"late_ms":4,"duration_ms":5,"outcome":"declined","http_status":500,"error":null}}

            """;

    @TempDir
    Path folder;

    private Cli cli;
    private StubServer server;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        server = new StubServer();
        server.announce(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatHappensIsALineEach() {
        server.reply("GET /v1/stream", 200, ": still here\n\n" + ACCEPTED + ATTEMPTED);

        Run run = cli.run("tail", "--limit", "2");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        l -> assertThat(l).endsWith("  ntf_0000000000001  accepted    payment.succeeded  order T1"),
                        l -> assertThat(l)
                                .contains("attempt 1", "declined 500")
                                .endsWith("4 ms late  waiting, next in 3 s"));
    }

    @Test
    void aPaymentIsALineToo() {
        server.reply("GET /v1/stream", 200, """
                event: payment.succeeded
                data: {"type":"payment.succeeded","at":"2026-11-23T10:00:00.000Z","payment_id":"pay_0000000000001",\
                "merchant_id":"mch_1","out_trade_no":"T1","channel":"simulator","state":"succeeded","source":"callback"}

                """);

        assertThat(cli.run("tail", "--limit", "1").out().stripTrailing())
                .endsWith("  pay_0000000000001  succeeded   payment by simulator  order T1  (callback)");
    }

    @Test
    void jsonIsTheStreamsData() {
        server.reply("GET /v1/stream", 200, ATTEMPTED);

        assertThat(cli.run("tail", "--json", "--limit", "1").out())
                .startsWith("{\"type\":\"notification.attempted\"")
                .hasLineCount(1);
    }

    @Test
    void aStreamThatEndsIsAskedForAgain() {
        server.reply("GET /v1/stream", 200, ACCEPTED);

        Run run = cli.run("tail", "--limit", "2");

        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).contains("reconnecting", "Reconnected");
        assertThat(server.asked("GET /v1/stream")).hasSize(2);
    }

    @Test
    void aStreamThatCannotBeginIsAFailure() {
        server.reply("GET /v1/stream", 503, StubServer.problem("Unavailable", "Too many listen."));

        Run run = cli.run("tail");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Too many listen.");
    }
}
