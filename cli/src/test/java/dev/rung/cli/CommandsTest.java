package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Cli.Run;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String ID = "ntf_0000000000001";
    private static final String DELIVERED = """
            {"id":"ntf_0000000000001","merchant_id":"mch_0000000000001","order_no":"T1","event_type":"payment.succeeded",
             "url":"http://127.0.0.1:9000/","ladder":["3s","30s","90s"],"state":"delivered","attempts_made":2,"attempts_max":4,
             "next_attempt_at":null,"created_at":"2026-11-23T10:00:00.000Z","settled_at":"2026-11-23T10:00:03.017Z",
             "attempts":[
               {"number":1,"due_at":"2026-11-23T10:00:00.000Z","started_at":"2026-11-23T10:00:00.004Z","duration_ms":5,
                "outcome":"declined","http_status":500,"response_body":"no\\u001b[31m\\nway","error":null,"may_repeat":false,"superseded":false},
               {"number":2,"due_at":"2026-11-23T10:00:03.009Z","started_at":"2026-11-23T10:00:03.012Z","duration_ms":5,
                "outcome":"acknowledged","http_status":200,"response_body":"ok","error":null,"may_repeat":true,"superseded":false}]}""";
    private static final String WAITING =
            DELIVERED.replace("delivered", "waiting").replaceAll("\"attempts\":\\[[^]]*]", "\"attempts\":[]");

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
    void aNotificationIsShownWithEachAttemptAndHowLateItWas() {
        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED);

        Run run = cli.run("get", ID);

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .anyMatch(l -> l.contains("delivered  after 2 of 4 attempts"))
                .anyMatch(l -> l.contains("declined      500") && l.contains("4 ms"))
                .anyMatch(l -> l.contains("waited 3 s"))
                .anyMatch(l -> l.contains("acknowledged  200") && l.contains("3 ms"))
                .anyMatch(l -> l.contains("may repeat an attempt"))
                .anyMatch(l -> l.endsWith("not needed: 30s, 1m30s"));
    }

    @Test
    void whatAMerchantAnsweredCannotSteerTheTerminal() {
        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED);

        assertThat(cli.run("get", ID).out()).contains("response: no?[31m way").doesNotContain("\u001b");

        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED.replace("no\\u001b[31m", "a\\u009b31m\\u202eb茶"));
        assertThat(cli.run("get", ID).out()).contains("response: a?31m?b茶 way");
    }

    @Test
    void whatIsAheadIsDrawnToo() {
        server.reply(
                "GET /v1/notifications/" + ID,
                200,
                WAITING.replace("\"next_attempt_at\":null", "\"next_attempt_at\":\"2026-11-23T10:00:33.000Z\""));

        assertThat(cli.run("get", ID).out())
                .contains(" 3 ○  due ")
                .contains("then after 1m30s")
                .doesNotContain("parked");
    }

    @ParameterizedTest
    @CsvSource({
        "pause,the merchant is paused",
        "throttle,the merchant has asked",
        "ordered,an earlier notification of the same order"
    })
    void whatHoldsItIsSaid(String by, String why) {
        server.reply(
                "GET /v1/notifications/" + ID,
                200,
                WAITING.replace(
                        "\"next_attempt_at\":null",
                        "\"next_attempt_at\":\"2026-11-23T10:00:33.000Z\",\"held_by\":\"" + by + "\""));

        assertThat(cli.run("get", ID).out()).contains("parked: " + why);
    }

    @Test
    void jsonIsTheAnswerAsItIs() {
        server.reply("GET /v1/notifications/" + ID, 200, "{\"id\":\"x\",\"amount\":12.30}");

        assertThat(cli.run("get", "--json", ID).out())
                .isEqualTo("{\"id\":\"x\",\"amount\":12.30}" + System.lineSeparator());
    }

    @Test
    void anUnknownIdIsSaidInTheServersWords() {
        Run run = cli.run("get", "ntf_x/../y");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("rung get: There is no GET /v1/notifications/ntf_x%2F..%2Fy." + System.lineSeparator());
    }

    @Test
    void aListGoesOnOverPagesUntilItHasEnough() {
        server.reply("GET /v1/notifications?state=exhausted&limit=3", 200, page(2, "\"c1\""));
        server.reply("GET /v1/notifications?state=exhausted&limit=1&cursor=c1", 200, page(1, "\"c2\""));

        Run run = cli.run("list", "--state", "exhausted", "--limit", "3");

        assertThat(run.out().lines()).hasSize(4).allMatch(l -> !l.endsWith(" "));
        assertThat(run.err()).contains("There are more");
    }

    @Test
    void aListIsPlainInAPipeAndShortAndColouredOnATerminal() {
        String due = WAITING.replace("\"next_attempt_at\":null", "\"next_attempt_at\":\"2126-11-23T10:00:33.000Z\"");
        server.reply("GET /v1/notifications?limit=20", 200, "{\"data\":[" + due + "],\"next_cursor\":null}");

        assertThat(cli.run("list").out()).contains(".000  waiting").doesNotContain("\u001b", " in ");

        cli.interactive = true;
        assertThat(cli.run("list").out()).contains(" in ").doesNotContain(".000", "\u001b");
        cli.colour = true;
        assertThat(cli.run("list").out()).contains("\u001b[33mwaiting\u001b[0m");
    }

    @Test
    void aPageThatComesShortIsNotTheEnd() {
        server.reply("GET /v1/notifications?limit=20", 200, page(0, "\"c1\""));
        server.reply("GET /v1/notifications?limit=20&cursor=c1", 200, page(1, "null"));

        assertThat(cli.run("list", "--json").out().lines()).hasSize(1);
    }

    private static String page(int count, String cursor) {
        return "{\"data\":[" + String.join(",", List.of(WAITING, WAITING).subList(0, count)) + "],\"next_cursor\":"
                + cursor + "}";
    }

    @Test
    void theFirstSendMakesATestMerchantAndTheSecondUsesIt() throws IOException {
        server.reply(
                "POST /v1/merchants",
                201,
                "{\"id\":\"mch_1\",\"ladder\":\"steps\",\"created_at\":\"2026-11-23T10:00:00.000Z\",\"signing_secret\":\"whsec_AAAA\"}");
        server.reply("GET /v1/merchants/mch_1", 200, "{}");
        server.reply("POST /v1/notifications", 202, WAITING);
        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED);

        Run run = cli.run("send");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(ID, "attempt 1  declined 500");
        Path kept = folder.resolve("rung-data/test-merchants.json");
        assertThat(kept).content().contains("whsec_AAAA");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        cli.run("send");
        assertThat(server.asked("POST /v1/merchants")).hasSize(1);
        assertThat(server.asked("POST /v1/notifications"))
                .hasSize(2)
                .allMatch(a -> a.body().startsWith("{\"merchant_id\":\"mch_1\""));
    }

    @Test
    void aPayloadsBytesStayAsTheyAre() throws IOException {
        server.reply("POST /v1/notifications", 202, WAITING);
        Files.writeString(folder.resolve("p.json"), "{ \"amount\" : 12.30 }");
        cli.input = "[1.0]";

        for (String payload : List.of("{\"a\":1.50}", "@p.json", "-")) {
            cli.run(
                    "send",
                    "--json",
                    "--merchant",
                    "mch_1",
                    "--payload",
                    payload,
                    "--idempotency-key",
                    "k",
                    "--ladder",
                    "1s, 2m");
        }

        assertThat(server.asked("POST /v1/notifications"))
                .allMatch(a -> a.idempotencyKey().equals("k"))
                .allMatch(a -> a.body().contains("\"ladder\":[\"1s\",\"120s\"]"))
                .extracting(a -> a.body().replaceFirst(".*\"payload\":", "").replaceFirst(",\"ladder.*", ""))
                .containsExactly("{\"a\":1.50}", "{ \"amount\" : 12.30 }", "[1.0]");
    }

    @Test
    void aKeyMayBeAnyText() {
        server.reply(
                "POST /v1/notifications/batch",
                200,
                "{\"results\":[{\"status\":202,\"id\":\"" + ID + "\",\"notification\":" + WAITING + "}]}");
        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED);

        assertThat(cli.run("send", "--merchant", "mch_1", "--idempotency-key", "订单-1")
                        .code())
                .isZero();
        assertThat(server.asked("POST /v1/notifications/batch"))
                .singleElement()
                .satisfies(a -> assertThat(a.body()).contains("\"idempotency_key\":\"订单-1\""));
    }

    @Test
    void whatIsNoRungServerIsSaidToBeNone() {
        server.reply("POST /v1/notifications", 202, "{\"hello\":1}");

        Run run = cli.run("send", "--merchant", "mch_1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("is it a Rung server?");
    }

    @Test
    void whatIsNoJsonIsNotSent() {
        Run run = cli.run("send", "--merchant", "mch_1", "--payload", "{a}");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("rung send: --payload is not JSON: ");
    }

    @Test
    void aRefusedTargetIsExplained() {
        server.reply("POST /v1/notifications", 202, WAITING);
        server.reply(
                "GET /v1/notifications/" + ID,
                200,
                DELIVERED
                        .replace("\"declined\",\"http_status\":500", "\"refused\",\"http_status\":null")
                        .replace("\"error\":null", "\"error\":\"loopback\""));

        Run run = cli.run("send", "--merchant", "mch_1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("was refused: loopback", "--allow-targets 127.0.0.0/8");
    }

    @Test
    void waitingEndsWithTheStateAsExitCode() {
        server.reply("POST /v1/notifications", 202, WAITING);
        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED);
        assertThat(cli.run("send", "--wait", "--merchant", "mch_1").code()).isZero();

        server.reply("GET /v1/notifications/" + ID, 200, DELIVERED.replace("\"delivered\"", "\"exhausted\""));
        assertThat(cli.run("send", "--wait", "--merchant", "mch_1").code()).isEqualTo(1);
    }

    @Test
    void severalAreCancelledThoughOneCannotBe() {
        server.reply("POST /v1/notifications/a/cancel", 409, StubServer.problem("Conflict", "It is settled."));
        server.reply("POST /v1/notifications/b/cancel", 200, DELIVERED);

        Run run = cli.run("cancel", "a", "b");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("a  It is settled.");
        assertThat(run.out()).contains("b  cancelled");
    }

    @Test
    void resendingByFilterGoesOnUntilAllAreFound() {
        server.reply("POST /v1/notifications/resend", 200, "{\"matched\":5,\"resent\":5,\"next_cursor\":null}");

        Run run = cli.run("resend", "--state", "exhausted", "--merchant", "mch_1");

        assertThat(run.out()).isEqualTo("5 matched, 5 resent" + System.lineSeparator());
        assertThat(server.asked("POST /v1/notifications/resend").getFirst().body())
                .isEqualTo("{\"merchant_id\":\"mch_1\",\"state\":\"exhausted\",\"dry_run\":false}");
    }

    @Test
    void longWorkSaysHowFarItIsOnATerminalOnlyAndClearsThatAway() {
        server.reply("POST /v1/notifications/resend", 200, "{\"matched\":5,\"resent\":4,\"next_cursor\":null}");

        assertThat(cli.run("resend", "--state", "exhausted").err()).isEmpty();

        cli.interactive = true;
        Run run = cli.run("resend", "--state", "exhausted");
        String said = "0 matched, 0 resent so far …";
        assertThat(run.err()).isEqualTo(said + "\r" + " ".repeat(said.length()) + "\r");
        assertThat(run.out()).isEqualTo("5 matched, 4 resent" + System.lineSeparator());
        assertThat(cli.run("resend", "--state", "exhausted", "--json").err()).isEmpty();
    }

    @Test
    void resendingNeedsIdsOrAFilter() {
        assertThat(cli.run("resend").code()).isEqualTo(2);
        assertThat(cli.run("resend", "a", "--state", "exhausted").code()).isEqualTo(2);
        assertThat(cli.run("resend", "--merchant", "mch_1").err()).contains("--state exhausted");
    }

    @Test
    void withoutAServerACommandSaysWhatToStart() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));

        Run run = new Cli(other).run("list");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no server uses the data dir " + other.resolve("rung-data"), "./rung serve");
    }

    @Test
    void aServerThatWasKilledIsNotAsked() throws IOException {
        new RunningServer(server.url(), Integer.MAX_VALUE).write(new DataDir(folder.resolve("rung-data")));

        assertThat(cli.run("list").err()).contains("(process 2147483647) is no longer running");
    }

    @Test
    void aRefusedKeyIsSaid() {
        Run run = cli.run("list", "--api-key", "wrong");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("rejects this key");
    }

    @Test
    void theKeyOfThisMachineIsNotShownToOthers() {
        Run run = cli.run("list", "--server", "https://rung.example");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("--api-key");
    }

    @Test
    void nothingAtTheOtherEndIsSaid() {
        server.close();

        assertThat(cli.run("list").err()).startsWith("rung list: no response from " + server.url());
    }

    @Test
    void anEnvironmentVariableNamesTheServer() throws IOException {
        server.reply("GET /v1/notifications?limit=20", 200, page(1, "null"));
        Cli elsewhere = new Cli(Files.createDirectory(folder.resolve("elsewhere")));
        elsewhere.environment.put("RUNG_SERVER", server.url().toString());
        elsewhere.environment.put("RUNG_API_KEY", StubServer.KEY);

        assertThat(elsewhere.run("list").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "demo",
                "listen",
                "send",
                "get",
                "list",
                "resend",
                "cancel",
                "tail",
                "doctor",
                "reconcile"
            })
    void everyCommandExplainsItselfWithAnExample(String command) {
        Run run = cli.run(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: rung " + command, "Example", "  ./rung " + command);
        assertThat(run.out().lines()).allMatch(l -> l.length() <= 100);
        assertThat(cli.run("--help").out()).contains("\n  " + command + " ");
    }

    @Test
    void aTypingErrorIsAnsweredWithWhatWasMeant() {
        Run run = cli.run("lsit");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean list?");
        assertThat(cli.run("send", "--wiat").err()).contains("unknown option --wiat; did you mean --wait?");
    }

    @ParameterizedTest
    @CsvSource({
        "list --state settled,'--state \"settled\" is not one of waiting, delivered, exhausted, cancelled'",
        "resend --state settled,'--state \"settled\" is not one of waiting, delivered, exhausted, cancelled'",
        "list --from yesterday,'--from \"yesterday\" is neither a time such as 2026-11-23T10:00:00Z nor a duration such as 2h'",
        "list --limit 0,--limit must be at least 1"
    })
    void aValueThatCannotBeMeantIsWrongUsageWhetherOrNotAServerRuns(String line, String error) throws IOException {
        Files.delete(new DataDir(folder.resolve("rung-data")).server());
        String command = line.split(" ")[0];

        Run run = cli.run(line.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("rung " + command + ": " + error + System.lineSeparator());
    }

    @Test
    void whatCannotBeReadIsSaidWithoutTheNamesOfClasses() {
        Run run = cli.run("list", "--server", "x y");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("rung list: Invalid value for option '--server': cannot convert 'x y' to URI")
                .doesNotContain("Exception");
    }

    @Test
    void wrongSettingsStopTheServerBeforeItStarts() {
        cli.environment.put("RUNG_PROT", "1");

        Run run = cli.run("serve", "--retention", "1h");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("RUNG_PORT?", "--retention \"1h\"");
    }
}
