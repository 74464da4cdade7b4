package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.cli.Cli.Run;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The README's first minute, in three terminals, against a real server. */
class QuickStartTest {
    @TempDir
    Path folder;

    private ServerFixture scene;
    private Cli cli;
    private WebhookReceiver receiver;
    private final StringWriter listened = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        DataDir dir = new DataDir(folder.resolve("rung-data"));
        scene = new ServerFixture(dir.path());
        DataDir.writeForOwner(dir.apiKey(), ServerFixture.OPERATOR_KEY.getBytes(StandardCharsets.US_ASCII));
        new RunningServer(scene.server.address(), ProcessHandle.current().pid()).write(dir);
        Listen listen = new Listen(cli.terminal(listened, new StringWriter()));
        new CommandLine(listen).parseArgs("--port", "0", "--fail", "1");
        receiver = listen.open();
    }

    @AfterEach
    void stop() {
        receiver.close();
        scene.close();
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.port() + "/";
    }

    private static String id(Run run) {
        return JsonOutput.MAPPER.readTree(run.out()).path("id").asString();
    }

    @Test
    void aNotificationClimbsItsLadderAndIsVerified() {
        Run sent = cli.run("send", "--to", url(), "--ladder", "5s,6s", "--wait");

        assertThat(sent.code()).as(sent.err()).isZero();
        assertThat(sent.out().lines())
                .anyMatch(l -> l.startsWith("  attempt 1  declined 500") && l.endsWith(", next in 5 s"))
                .anyMatch(l -> l.startsWith("  attempt 2  acknowledged 200"))
                .endsWith("delivered");
        assertThat(listened.toString().lines().filter(l -> l.contains("attempt ")))
                .hasSize(2)
                .allMatch(l -> l.contains("  verified  "));

        String id = sent.out().substring(0, "ntf_0000000000000".length());
        assertThat(cli.run("get", id).out()).contains("delivered  after 2 of 3 attempts", "waited 5 s");
        assertThat(cli.run("list", "--state", "delivered").out()).contains(id);
    }

    @Test
    void whatIsAheadCanBeCancelledAndSentAfterAll() {
        String id = id(cli.run("send", "--to", url(), "--deliver-at", "1h", "--json"));
        assertThat(cli.run("list", "--state", "waiting", "--json").out()).contains(id);

        assertThat(cli.run("cancel", id).code()).isZero();
        assertThat(cli.run("cancel", id).err()).contains("settled");
        assertThat(cli.run("resend", "--state", "cancelled", "--dry-run").out()).isEqualTo("1 would be resent\n");
        assertThat(cli.run("resend", id).code()).isZero();

        await().until(() -> listened.toString().contains(id));
    }

    @Test
    void merchantsAndTheirKeysAreManaged() {
        String id = id(cli.run("merchants", "create", "--name", "Tea House", "--notify-url", url(), "--json"));
        assertThat(cli.run("merchants", "update", id, "--set", "max_in_flight=3")
                        .out())
                .contains("max_in_flight");
        assertThat(cli.run("merchants", "pause", id).out()).contains("paused");
        assertThat(cli.run("merchants", "list").out()).contains(id + "  Tea House  paused");
        assertThat(cli.run("merchants", "resume", id).out()).contains("active");
        assertThat(cli.run("merchants", "rotate-secret", id).out()).contains("whsec_");
        assertThat(cli.run("merchants", "get", id).out()).contains("Tea House").doesNotContain("whsec_");

        String key = id(cli.run("keys", "create", "--merchant", id, "--json"));
        assertThat(cli.run("keys", "list", "--merchant", id).out()).contains(key);
        assertThat(cli.run("keys", "revoke", "--merchant", id, key).out()).contains(key + "  revoked");
        assertThat(cli.run("merchants", "update", id, "--ladder", "nonsense").code())
                .isEqualTo(1);
    }

    @Test
    void aTargetThatIsNotAllowedIsRefusedWithTheRemedy() {
        Run run = cli.run("send", "--to", "http://10.255.255.1/");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("--allow-targets 10.255.255.1/32");
    }

    @Test
    void theStreamShowsWhatHappens() throws Exception {
        StringWriter tailed = new StringWriter();
        Thread tail = Thread.ofVirtual()
                .start(() ->
                        Commands.run(cli.terminal(tailed, new StringWriter()), Cli.NO_SERVER, "tail", "--limit", "12"));
        await().until(() -> {
            // The stream shows only events after its start.
            cli.run("send", "--to", url(), "--json");
            return !tail.isAlive();
        });

        assertThat(tailed.toString()).contains("accepted", "payment.succeeded", "attempt 1   declined 500");
    }
}
