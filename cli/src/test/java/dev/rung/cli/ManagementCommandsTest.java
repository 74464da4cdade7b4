package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code merchants}, {@code keys} and {@code completion}. */
class ManagementCommandsTest {
    private static final String TEA_HOUSE =
            "{\"id\":\"mch_1\",\"name\":\"Tea House\",\"notify_url\":null,\"ladder\":\"steps\","
                    + "\"signing\":\"hmac\",\"state\":\"paused\"}";

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
    void channelAccountsAreListedCreatedChangedCheckedAndDeleted() throws IOException {
        String account = "{\"name\":\"shanghai\",\"type\":\"alipay\",\"source\":\"api\",\"methods\":[\"qr\",\"page\"],"
                + "\"secrets\":[\"private_key\"],\"problem\":null}";
        server.reply("GET /v1/channels", 200, "{\"data\":[" + account + "],\"next_cursor\":null}");
        server.reply("POST /v1/channels", 201, account);
        server.reply("PATCH /v1/channels/shanghai", 200, account);
        server.reply("POST /v1/channels/shanghai/check", 200, "{\"ok\":false,\"problems\":[\"a wrong key\"]}");
        server.reply("DELETE /v1/channels/shanghai", 204, "");
        Files.writeString(folder.resolve("app.pem"), "a key");

        assertThat(cli.run("channels", "list").out()).contains("shanghai  alipay  api   qr,page  -");
        assertThat(cli.run(
                                "channels",
                                "create",
                                "shanghai",
                                "--type",
                                "alipay",
                                "--set",
                                "app_id=2021",
                                "--set",
                                "bills=11:00",
                                "--file",
                                "private_key=app.pem")
                        .out())
                .contains("name     shanghai");
        assertThat(server.asked("POST /v1/channels").getFirst().body())
                .isEqualTo("{\"app_id\":\"2021\",\"bills\":{\"at\":\"11:00\"},\"private_key\":\"a key\","
                        + "\"name\":\"shanghai\",\"type\":\"alipay\"}");
        assertThat(cli.run("channels", "update", "shanghai", "--set", "seller_id=")
                        .code())
                .isZero();
        assertThat(server.asked("PATCH /v1/channels/shanghai").getFirst().body())
                .isEqualTo("{\"seller_id\":null}");
        Run checked = cli.run("channels", "check", "shanghai");
        assertThat(checked.code()).isEqualTo(1);
        assertThat(checked.err()).contains("a wrong key");
        assertThat(cli.run("channels", "delete", "shanghai").out()).contains("shanghai  deleted");
    }

    @Test
    void merchantsAreListedOverAllPages() {
        server.reply("GET /v1/merchants", 200, "{\"data\":[" + TEA_HOUSE + "],\"next_cursor\":\"c 1\"}");
        server.reply("GET /v1/merchants?cursor=c%201", 200, "{\"data\":[" + TEA_HOUSE + "],\"next_cursor\":null}");

        Run run = cli.run("merchants", "list");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.out()).contains("mch_1  Tea House  paused");
        assertThat(cli.run("merchants", "list", "--json").out().lines())
                .hasSize(2)
                .allMatch(TEA_HOUSE::equals);
    }

    @Test
    void aMerchantIsCreatedWithAnyMemberOfTheApi() {
        server.reply("POST /v1/merchants", 201, "{\"id\":\"mch_1\",\"signing_secret\":\"whsec_AAAA\"}");

        Run run = cli.run(
                "merchants",
                "create",
                "--name",
                "Tea House",
                "--notify-url",
                "https://shop.example/",
                "--ladder",
                "1s, 2s",
                "--max-in-flight",
                "5",
                "--set",
                "timeout=10s",
                "--set",
                "headers={\"X-Shop\":\"1\"}");

        assertThat(run.out()).contains("signing_secret  whsec_AAAA");
        assertThat(server.asked("POST /v1/merchants"))
                .extracting(StubServer.Asked::body)
                .containsExactly(
                        "{\"name\":\"Tea House\",\"notify_url\":\"https://shop.example/\",\"ladder\":[\"1s\",\"2s\"],"
                                + "\"max_in_flight\":5,\"timeout\":\"10s\",\"headers\":{\"X-Shop\":\"1\"}}");
    }

    @Test
    void aMerchantIsShownChangedPausedResumedRotatedAndDeleted() {
        server.reply("GET /v1/merchants/mch_1", 200, TEA_HOUSE);
        server.reply("PATCH /v1/merchants/mch_1", 200, TEA_HOUSE);
        server.reply("POST /v1/merchants/mch_1/pause", 200, TEA_HOUSE);
        server.reply("POST /v1/merchants/mch_1/resume", 200, TEA_HOUSE);
        server.reply("POST /v1/merchants/mch_1/rotate-secret", 200, TEA_HOUSE);
        server.reply("DELETE /v1/merchants/mch_1?cancel_waiting=true", 204, "");
        server.reply("DELETE /v1/merchants/mch_1", 409, StubServer.problem("Conflict", "A payment is open."));

        assertThat(cli.run("merchants", "get", "mch_1").out()).contains("state       paused");
        assertThat(cli.run("merchants", "update", "mch_1", "--ladder", "doubling")
                        .code())
                .isZero();
        assertThat(server.asked("PATCH /v1/merchants/mch_1").getFirst().body()).isEqualTo("{\"ladder\":\"doubling\"}");
        assertThat(cli.run("merchants", "pause", "mch_1").code()).isZero();
        assertThat(cli.run("merchants", "resume", "mch_1").code()).isZero();
        assertThat(cli.run("merchants", "rotate-secret", "mch_1", "--overlap", "1h")
                        .code())
                .isZero();
        assertThat(server.asked("POST /v1/merchants/mch_1/rotate-secret")
                        .getFirst()
                        .body())
                .isEqualTo("{\"overlap\":\"1h\"}");
        assertThat(cli.run("merchants", "delete", "mch_1", "--cancel-waiting").out())
                .contains("mch_1  deleted");
        Run refused = cli.run("merchants", "delete", "mch_1");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).startsWith("rung merchants delete: A payment is open.");
    }

    @Test
    void aPortalLinkIsPrinted() {
        server.reply(
                "POST /v1/merchants/mch_1/portal-link",
                200,
                "{\"url\":\"https://rung.example/sign-in/portal?token=t\"}");
        assertThat(cli.run("merchants", "portal-link", "mch_1", "--role", "manage", "--expires-in", "1h")
                        .out())
                .contains("https://rung.example/sign-in/portal?token=t");
        assertThat(server.asked("POST /v1/merchants/mch_1/portal-link")
                        .getFirst()
                        .body())
                .isEqualTo("{\"role\":\"manage\",\"expires_in\":\"1h\"}");
    }

    @Test
    void endpointsAreListedCreatedChangedTestedAndDeleted() {
        String all = "/v1/merchants/mch_1/endpoints";
        String crm = "{\"id\":\"ep_1\",\"name\":\"CRM\",\"state\":\"active\",\"events\":[\"payment.*\",\"a\"],"
                + "\"url\":\"https://crm.example/\"}";
        server.reply("GET " + all, 200, "{\"data\":[" + crm + "],\"next_cursor\":null}");
        server.reply("POST " + all, 201, "{\"id\":\"ep_1\",\"signing_secret\":\"whsec_AAAA\"}");
        server.reply("GET " + all + "/ep_1", 200, crm);
        server.reply("PATCH " + all + "/ep_1", 200, crm);
        for (String action : List.of("pause", "resume", "test", "rotate-secret")) {
            server.reply("POST " + all + "/ep_1/" + action, 200, crm);
            assertThat(cli.run("endpoints", action, "mch_1", "ep_1").code())
                    .as(action)
                    .isZero();
        }
        server.reply("DELETE " + all + "/ep_1", 204, "");

        assertThat(cli.run("endpoints", "list", "mch_1").out())
                .contains("ep_1  CRM   active  payment.*,a  https://crm.example/");
        assertThat(cli.run(
                                "endpoints",
                                "create",
                                "mch_1",
                                "--name",
                                "CRM",
                                "--url",
                                "https://crm.example/",
                                "--events",
                                "payment.*, a",
                                "--set",
                                "rate=5")
                        .out())
                .contains("whsec_AAAA");
        assertThat(server.asked("POST " + all).getFirst().body())
                .isEqualTo(
                        "{\"name\":\"CRM\",\"url\":\"https://crm.example/\",\"events\":[\"payment.*\",\"a\"],\"rate\":5}");
        assertThat(cli.run("endpoints", "get", "mch_1", "ep_1").out()).contains("https://crm.example/");
        assertThat(cli.run("endpoints", "update", "mch_1", "ep_1", "--name", "ERP")
                        .code())
                .isZero();
        assertThat(server.asked("PATCH " + all + "/ep_1").getFirst().body()).isEqualTo("{\"name\":\"ERP\"}");
        assertThat(cli.run("endpoints", "update", "mch_1", "ep_1").code()).isEqualTo(2);
        assertThat(cli.run("endpoints", "delete", "mch_1", "ep_1").out()).contains("ep_1  deleted");
    }

    @Test
    void keysAreThoseOfTheServerOrOfAMerchant() {
        server.reply(
                "GET /v1/keys",
                200,
                "{\"data\":[{\"id\":\"key_1\",\"name\":\"alice\",\"role\":\"operator\","
                        + "\"created_at\":\"2026-11-23T10:00:00.000Z\"}],\"next_cursor\":null}");
        server.reply("POST /v1/keys", 201, "{\"id\":\"key_1\",\"key\":\"rung_secret\"}");
        server.reply("POST /v1/merchants/mch_1/keys", 201, "{\"id\":\"key_2\",\"key\":\"rung_other\"}");
        server.reply("DELETE /v1/merchants/mch_1/keys/key_2", 204, "");

        assertThat(cli.run("keys", "list").out()).contains("key_1  alice  operator");
        assertThat(cli.run("keys", "create", "--name", "alice", "--role", "operator")
                        .out())
                .contains("rung_secret");
        assertThat(server.asked("POST /v1/keys").getFirst().body())
                .isEqualTo("{\"name\":\"alice\",\"role\":\"operator\"}");
        assertThat(cli.run("keys", "create", "--merchant", "mch_1").out()).contains("rung_other");
        assertThat(cli.run("keys", "revoke", "--merchant", "mch_1", "key_2").code())
                .isZero();
        assertThat(cli.run("keys", "revoke", "key_9").code()).isEqualTo(1);
    }

    @Test
    void rejectedSubmissionsAreListedShownReplayedAndDiscarded() {
        String rejected =
                "{\"id\":\"rej_1\",\"rejected_at\":\"2026-11-23T10:00:00.000Z\",\"reason\":\"merchant_id does not exist.\","
                        + "\"routing_key\":\"\",\"message_id\":\"T1-paid\",\"bytes\":2}";
        server.reply("GET /v1/rejected", 200, "{\"data\":[" + rejected + "],\"next_cursor\":null}");
        server.reply("GET /v1/rejected/rej_1", 200, rejected);
        server.reply("POST /v1/rejected/rej_1/replay", 202, "{\"id\":\"ntf_1\"}");
        server.reply("DELETE /v1/rejected/rej_1", 204, "");

        assertThat(cli.run("rejected", "list").out()).contains("rej_1", "T1-paid", "merchant_id does not exist.");
        assertThat(cli.run("rejected", "show", "rej_1").out()).contains("reason       merchant_id does not exist.");
        assertThat(cli.run("rejected", "replay", "rej_1", "--set", "merchant_id=mch_1", "--set", "payload={\"a\":1.0}")
                        .out())
                .contains("rej_1  became ntf_1");
        assertThat(server.asked("POST /v1/rejected/rej_1/replay").getFirst().body())
                .isEqualTo("{\"set\":{\"merchant_id\":\"mch_1\",\"payload\":{\"a\":1.0}}}");
        assertThat(cli.run("rejected", "discard", "rej_1").out()).contains("rej_1  discarded");
        assertThat(cli.run("rejected", "replay", "rej_9").code()).isEqualTo(1);
        assertThat(cli.run("rejected", "replay").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merchants",
                "merchants lst",
                "merchants get",
                "merchants update mch_1",
                "merchants list --what",
                "keys",
                "keys revoke",
                "completion",
                "completion powershell",
                "listen --forward-to nowhere"
            })
    void wrongUsageIsSaidAsSuch(String line) {
        Run run = cli.run(line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("rung ");
    }

    @Test
    void subcommandsExplainThemselves() {
        assertThat(cli.run("merchants", "--help").out()).contains("rotate-secret", "--help");
        assertThat(cli.run("keys", "create", "--help").out()).contains("--role", "Creates a key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void theScriptForBashIsOne(String shell) throws Exception {
        Path script = folder.resolve("rung.sh");
        Files.writeString(script, cli.run("completion", shell).out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "autoload() { :; }; compinit() { :; }; bashcompinit() { :; }; . " + script
                                + "; COMP_WORDS=(rung merch); COMP_CWORD=1; _complete_rung; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes()).strip()).isEqualTo("merchants");
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theScriptForFishCompletesCommandsAndOptions() {
        assertThat(cli.run("completion", "fish").out().lines())
                .allMatch(line -> line.startsWith("complete -c rung "))
                .anyMatch(line -> line.startsWith("complete -c rung -n '__fish_use_subcommand' -a merchants -d "))
                .anyMatch(line ->
                        line.contains("__fish_seen_subcommand_from merchants; and not ") && line.contains("-a pause"))
                .anyMatch(line -> line.contains("__fish_seen_subcommand_from send'") && line.contains("-l payload -r"));
    }
}
