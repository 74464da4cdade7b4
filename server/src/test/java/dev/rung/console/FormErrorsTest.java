package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.web.Problem;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors of forms are shown in the language of the page. */
class FormErrorsTest {
    private static final Pattern OBJECTION =
            Pattern.compile("<(?:p|span) (?:class=\"field-error\"|[^>]*role=\"alert\")[^>]*>([^<]*)<");
    private static final Pattern DETAIL = Pattern.compile("</h1>\\s*<p>([^<]*)</p>");
    private static final Pattern CHINESE = Pattern.compile(".*\\p{IsHan}.*");
    private static final Pattern ENGLISH = Pattern.compile(".*[A-Za-z]{2,} [a-z]{2,}.*");

    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static ConsoleHttpClient chinese;
    private static String merchant;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"));
        merchant = scene.merchant();
        chinese = new ConsoleHttpClient(scene.server.address())
                .with("Accept-Language", "zh-CN,en;q=0.5")
                .signIn(ServerFixture.OPERATOR_KEY);
    }

    @AfterAll
    static void stop() {
        chinese.close();
        scene.close();
    }

    private static List<String> found(Pattern pattern, String page) {
        return pattern.matcher(page).results().map(match -> match.group(1)).toList();
    }

    private static void expectChinese(List<String> said) {
        assertThat(said)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).matches(CHINESE).as(text).doesNotMatch(ENGLISH));
    }

    private static Map<String, String> merchantForm() {
        return new HashMap<>(Map.of(
                "name", "Noodle Bar",
                "notify_url", "https://shop.example/",
                "ladder", "steps",
                "acknowledge", "2xx",
                "signing", "hmac",
                "max_in_flight", "32",
                "timeout", "5s",
                "rate", ""));
    }

    @ParameterizedTest
    @CsvSource({"name, ''", "url, ftp://shop.example/", "events, a*b"})
    void whatIsWrongWithAnEndpointIsSaidInChinese(String field, String value) {
        Map<String, String> form =
                new HashMap<>(Map.of("name", "CRM", "url", "https://crm.example/", "events", "payment.*"));
        form.put(field, value);
        expectRefused("/merchants/" + merchant + "/endpoints", form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | ''",
                "name | te\u0001a",
                "notify_url | ftp://shop.example/",
                "notify_url | https://me:secret@shop.example/",
                "notify_url | https:///notify",
                "notify_url | https://shop.example:22/",
                "ladder | unknown",
                "acknowledge | maybe",
                "signing | seal",
                "max_in_flight | many",
                "max_in_flight | 0",
                "timeout | 31s",
                "timeout | soon",
                "rate | 0",
                "rate | fast",
                "signature_header | webhook-id"
            })
    void whatIsWrongWithAMerchantIsSaidInChinese(String field, String value) {
        Map<String, String> form = merchantForm();
        form.put(field, value);
        expectRefused("/merchants/new", form);
        expectRefused("/merchants/" + merchant, form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headers | headers | host: shop.example",
                "headers | headers | X-Shop",
                "tls | ca | nonsense",
                "tls | client_key | nonsense",
                "rotate-secret | imported | nonsense"
            })
    void whatIsWrongWithAContractIsSaidInChinese(String action, String field, String value) {
        expectRefused("/merchants/" + merchant + "/" + action, Map.of(field, value));
    }

    @Test
    void headersAndAnImportedKeyAreSetAndNotShown() {
        String other = scene.merchant();
        assertThat(chinese.change("/merchants/" + other + "/headers", Map.of("headers", "X-Shop: s3cret\n\nX-Branch:7"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(chinese.get("/merchants/" + other).body())
                .contains("X-Shop, X-Branch")
                .doesNotContain("s3cret");
        scene.send(other, "1");
        await().until(() -> scene.shop.received().stream().anyMatch(r -> "s3cret".equals(r.header("x-shop"))));
        assertThat(chinese.change("/merchants/" + other + "/headers", Map.of("headers", ""))
                        .statusCode())
                .isEqualTo(303);
        assertThat(chinese.get("/merchants/" + other).body()).doesNotContain("X-Shop, X-Branch");
        assertThat(chinese.change(
                                "/merchants/" + other + "/rotate-secret",
                                Map.of(
                                        "overlap",
                                        "0s",
                                        "imported",
                                        "whsec_MTkyMDA2MjUwYjRjMDkyNDdlYzAyZWRjZTY5ZjZhMmQ="))
                        .body())
                .contains("whsec_MTkyMDA2MjUwYjRjMDkyNDdlYzAyZWRjZTY5ZjZhMmQ=");
    }

    private static void expectRefused(String path, Map<String, String> form) {
        HttpResponse<String> answer = chinese.change(path, form);
        assertThat(answer.statusCode()).isEqualTo(422);
        expectChinese(found(OBJECTION, answer.body()));
    }

    @Test
    void whatIsTooLongIsSaidInChinese() {
        Map<String, String> form = merchantForm();
        form.put("name", "n".repeat(201));
        form.put("notify_url", "https://shop.example/" + "n".repeat(2_048));
        form.put("ladder", "own");
        form.put("steps", "1s ".repeat(51));
        expectRefused("/merchants/new", form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tea house | 1s", "'' | 1s", "tea | ''", "tea | 1s 2d soon", "steps | 1s"})
    void whatIsWrongWithALadderIsSaidInChinese(String name, String steps) {
        expectRefused("/ladders", Map.of("name", name, "steps", steps));
    }

    @Test
    void theWaitsThatAreWrongAreCounted() {
        String page = chinese.change("/ladders", Map.of("name", "tea", "steps", "1s 2d soon"))
                .body();
        assertThat(found(OBJECTION, page)).singleElement().asString().contains("第 2 级", "第 3 级");
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "te\u0001a"})
    void whatIsWrongWithANoteIsSaidInChinese(String note) {
        scene.operator
                .post(
                        "/v1/reconciliations",
                        "{\"channel\":\"simulator\",\"findings\":[{\"kind\":\"missing_here\",\"out_trade_no\":\"T1\",\"detail\":\"d\"}]}")
                .expect(200);
        String id = scene.operator.get("/v1/discrepancies").at("/data/0/id");
        expectRefused("/discrepancies/" + id + "/resolve", Map.of("note", note));
        expectRefused("/discrepancies/" + id + "/resolve", Map.of("note", "n".repeat(1_001)));
    }

    @ParameterizedTest
    @CsvSource({"state,gone", "type,tea house", "from,yesterday", "to,today"})
    void whatIsWrongWithAResendIsSaidInChinese(String field, String value) {
        Map<String, String> form = new HashMap<>(Map.of("state", "exhausted"));
        form.put(field, value);
        expectChinese(found(OBJECTION, chinese.change("/resend/count", form).body()));
    }

    @Test
    void whatCannotBeDoneIsSaidInChinese() {
        String cancelled = scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"deliver_at\":\"2030-01-01T00:00:00Z\"}")
                .expect(202)
                .at("/id");
        scene.operator.post("/v1/notifications/" + cancelled + "/cancel").expect(200);
        String nowhere = scene.operator
                .post("/v1/merchants", "{\"name\":\"Tea\"}")
                .expect(201)
                .at("/id");
        for (String path : List.of(
                "/notifications/" + cancelled + "/cancel",
                "/merchants/" + nowhere + "/test",
                "/merchants/" + merchant + "/keys/key_0000000000000/end",
                "/notifications/ntf_0000000000000/resend")) {
            expectChinese(found(DETAIL, chinese.change(path, Map.of()).body()));
        }
    }

    @Test
    void anErrorWithoutAMessageOfItsOwnKeepsTheTextOfTheApi() {
        ProblemMessages problems = new ProblemMessages(new ConsoleMessages());
        Problem problem = Problem.invalid(List.of(
                new Problem.FieldError("a", "of_no_use", "is of no use", List.of()),
                new Problem.FieldError("b", "blank", "is blank", List.of())));
        assertThat(problems.errors(Language.CHINESE, problem))
                .containsEntry("a", "is of no use。")
                .containsEntry("b", "不能为空。");
    }
}
