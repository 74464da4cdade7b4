package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.OK;
import static dev.rung.delivery.http.SenderTests.PAYLOAD;
import static dev.rung.delivery.http.SenderTests.ok;
import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Result;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers are read and judged. */
class HttpSenderAnswerTest {
    private HttpSender sender;

    @BeforeEach
    void open() throws Exception {
        sender = sender(120_000);
    }

    @AfterEach
    void close() {
        sender.close();
    }

    private Result answer(String response) throws Exception {
        return answer(response, Acknowledgement.STATUS_2XX);
    }

    private Result answer(String response, Acknowledgement rule) throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> {
            peer.request();
            peer.say(response);
        })) {
            return send(sender, request(merchant.url(), rule, PAYLOAD));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200,ACKNOWLEDGED", "201,ACKNOWLEDGED", "204,ACKNOWLEDGED", "299,ACKNOWLEDGED", "300,DECLINED", "304,DECLINED",
        "400,DECLINED", "404,DECLINED", "410,DECLINED", "500,DECLINED", "599,DECLINED", "999,DECLINED"
    })
    void by2xxTheStatusDecides(int status, Outcome outcome) throws Exception {
        boolean bodiless = status == 204 || status == 304;
        Result result = answer("HTTP/1.1 " + status + " x\r\n" + (bodiless ? "" : "Content-Length: 2\r\n") + "\r\n"
                + (bodiless ? "" : "no"));
        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(Objects.requireNonNull(result.answer()).status()).isEqualTo(status);
        assertThat(result.answer().body()).asString(UTF_8).isEqualTo(bodiless ? "" : "no");
        if (outcome == Outcome.DECLINED) {
            assertThat(result.error()).startsWith("status " + status);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "success,true",
                "SUCCESS,true",
                "sUcCeSs,true",
                "` \r\n\tsuccess \n`,true",
                "`\"success\"`,false",
                "success.,false",
                "`suc cess`,false",
                "fail,false",
                "``,false",
                "OK,false",
                "\u0001success,true"
            })
    void byBodyTheWordSuccessDecides(String body, boolean acknowledged) throws Exception {
        Result result = answer(ok(body), Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).isEqualTo(acknowledged ? Outcome.ACKNOWLEDGED : Outcome.DECLINED);
        assertThat(result.error()).isEqualTo(acknowledged ? null : "the body is not \"success\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UTF-8 | \ufeffsuccess | : it begins with a byte order mark (BOM, the bytes EF BB BF)",
                "UTF-8 | \ufeff SUCCESS | : it begins with a byte order mark (BOM, the bytes EF BB BF)",
                "UTF-8 | suc\u200bcess | : it contains the invisible character U+200B",
                "UTF-8 | success\u00a0 | : it contains the invisible character U+00A0",
                "UTF-8 | success\u3000 | : it contains the invisible character U+3000",
                "UTF-8 | suc\u0001cess | : it contains the control character U+0001",
                "UTF-16 | success | : it is encoded in UTF-16 instead of ASCII or UTF-8",
                "UTF-16LE | success | : it is encoded in UTF-16 instead of ASCII or UTF-8",
                "UTF-8 | \ufefffail | ''",
                "UTF-8 | suc cess | ''"
            })
    void whatLooksLikeSuccessButIsNotIsExplained(String charset, String body, String reason) throws Exception {
        String bytes = new String(body.getBytes(charset), ISO_8859_1);
        Result result = answer(ok(bytes), Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("the body is not \"success\"" + reason);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"code\":\"SUCCESS\",\"message\":\"ok\"} | true",
                " {\"a\":{\"code\":\"FAIL\"},\"c\\u006fde\" : \"SUCCESS\" }  | true",
                "{\"code\":\"success\"} | false",
                "{\"code\":\"FAIL\"} | false",
                "{\"code\":1} | false",
                "{\"code\":{\"code\":\"SUCCESS\"}} | false",
                "{\"a\":{\"code\":\"SUCCESS\"}} | false",
                "{\"code\":\"SUCCESS\",\"code\":\"FAIL\"} | false",
                "[{\"code\":\"SUCCESS\"}] | false",
                "\"SUCCESS\" | false",
                "{\"code\":\"SUCCESS\" | false",
                "{\"code\":\"SUCCESS\"}} | false",
                "{\"code\":\"SUCCESS\"}{} | false",
                "`` | false",
                "<html> | false"
            })
    void byJsonTheCodeDecides(String body, boolean acknowledged) throws Exception {
        Result result = answer(ok(body), Acknowledgement.JSON_CODE_SUCCESS);
        assertThat(result.outcome()).isEqualTo(acknowledged ? Outcome.ACKNOWLEDGED : Outcome.DECLINED);
        assertThat(result.error() == null).isEqualTo(acknowledged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"body-success", "json-code-success"})
    void noBodyHelpsAStatusThatIsNot2xx(String rule) throws Exception {
        Acknowledgement acknowledgement = dev.rung.core.model.CodedEnum.ofText(Acknowledgement.class, rule);
        String body = acknowledgement == Acknowledgement.BODY_SUCCESS ? "success" : "{\"code\":\"SUCCESS\"}";
        Result result =
                answer("HTTP/1.1 500 x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, acknowledgement);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("status 500");
    }

    @Test
    void upTo64KibOfABodyAreJudged() throws Exception {
        String judged = " ".repeat(64 * 1024 - 7) + "success";
        assertThat(answer(ok(judged), Acknowledgement.BODY_SUCCESS).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        Result longer = answer(ok(" " + judged), Acknowledgement.BODY_SUCCESS);
        assertThat(longer.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(longer.error()).isEqualTo("the body is longer than 64 KiB");
        assertThat(answer(ok(" " + judged)).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(Objects.requireNonNull(longer.answer()).body()).hasSize(4096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "transfer-encoding: chunked\r\n", "content-length: 1000000000000\r\n"})
    void anEndlessBodyIsCutOffAndHangsNothing(String framing) throws Exception {
        String piece = framing.startsWith("t") ? "400\r\n" + "x".repeat(1024) + "\r\n" : "x".repeat(1024);
        try (TestMerchant merchant = new TestMerchant(peer -> {
            peer.request();
            peer.say("HTTP/1.1 200 OK\r\n" + framing + "\r\n");
            peer.sayForEver(piece, 0);
        })) {
            assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            Result judged = send(sender, request(merchant.url(), Acknowledgement.BODY_SUCCESS, PAYLOAD));
            assertThat(judged.outcome()).isEqualTo(Outcome.DECLINED);
            assertThat(judged.error()).isEqualTo("the body is longer than 64 KiB");
            await().until(() -> merchant.openConnections() == 0);
        }
    }

    @Test
    void framingThatOutweighsItsBodyIsCutOffToo() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> {
            peer.request();
            peer.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            peer.sayForEver("1;" + "x".repeat(1000) + "\r\nx\r\n", 0);
        })) {
            assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void theFirst4KibOfABodyAreKeptWithItsHeaders() throws Exception {
        Result result = answer(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nX-A:  b \r\nX-Empty:\r\nContent-Length: 5000\r\n\r\n"
                        + "0123456789".repeat(500));
        var answer = Objects.requireNonNull(result.answer());
        assertThat(answer.body())
                .asString(ISO_8859_1)
                .isEqualTo("0123456789".repeat(500).substring(0, 4096));
        assertThat(answer.headers()).isEqualTo("Content-Type: text/plain\nX-A: b\nX-Empty: \nContent-Length: 5000");
    }

    @Test
    void headersAreKeptWithinBoundsAndWithoutControlCharacters() throws Exception {
        StringBuilder many = new StringBuilder("HTTP/1.1 200 OK\r\nx-evil: a\0b\u0007c\r\nContent-Length: 0\r\n");
        for (int i = 0; i < 100; i++) {
            many.append("x-").append(i).append(": ").append("v".repeat(100)).append("\r\n");
        }
        var answer = Objects.requireNonNull(answer(many + "\r\n").answer());
        assertThat(answer.headers()).hasSizeLessThanOrEqualTo(8192).contains("\nx-70: ");
        assertThat(answer.headers().lines()).first().asString().matches("x-evil: a[ ?]b[?]c");
    }

    @Test
    void anyBytesOfABodyAreKeptAsTheyAre() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        assertThat(Objects.requireNonNull(answer(ok(all.toString())).answer()).body())
                .isEqualTo(all.toString().getBytes(ISO_8859_1));
    }

    @Test
    void chunksTrailersAndInterimAnswersAreUnderstood() throws Exception {
        Result result = answer("""
                HTTP/1.1 100 Continue\r
                \r
                HTTP/1.1 103 Early Hints\r
                link: </a>\r
                \r
                HTTP/1.1 200 OK\r
                transfer-encoding: chunked\r
                \r
                3;ext=1\r
                suc\r
                4\r
                cess\r
                0\r
                trailer: x\r
                \r
                """, Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @Test
    void aBodyWithoutALengthEndsWithTheConnection() throws Exception {
        assertThat(answer("HTTP/1.0 200 OK\r\n\r\nsuccess", Acknowledgement.BODY_SUCCESS)
                        .outcome())
                .isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (TestMerchant elsewhere = TestMerchant.answering(OK)) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                Result result = answer(
                        "HTTP/1.1 " + status + " x\r\nLocation: " + elsewhere.url() + "\r\nContent-Length: 0\r\n\r\n");
                assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
                assertThat(result.error()).isEqualTo("status " + status + "; redirects are not followed");
            }
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | 120 | 120",
                "429 | 0 | ",
                "429 | 99999999999999999999 | 31622400",
                "503 | Fri, 15 Jan 2027 08:01:00 GMT | 59",
                "503 | Friday, 15-Jan-27 08:01:00 GMT | 59",
                "503 | Friday, 15-Jan-2027 08:01:00 GMT | 59",
                "503 | Fri Jan 15 08:01:00 2027 | 59",
                "503 | Thu Feb  4 08:00:00 2027 | 1727999",
                "503 | fri, 15 jan 2027 08:01:00 gmt | 59",
                "503 | Fri, 15 Jan 2027 08:01:60 GMT | 118",
                "503 | Friday, 15-Jan-26 08:01:00 GMT | ",
                "503 | Friday, 15-Jan-99 08:01:00 GMT | ",
                "503 | Fri, 31 Feb 2027 08:01:00 GMT | ",
                "503 | Fri, 15 Foo 2027 08:01:00 GMT | ",
                "503 | Fri, 15 Jan 2027 07:00:00 GMT | ",
                "503 | soon | ",
                "503 | -5 | ",
                "500 | 120 | 120",
                "302 | 120 | 120",
                "200 | 120 | "
            })
    void retryAfterIsReadFromEveryResponseThatDoesNotAcknowledge(int status, String value, Long seconds)
            throws Exception {
        Result result = answer("HTTP/1.1 " + status + " x\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n");
        // NOW is 2027-01-15T08:00:00.123Z.
        assertThat(result.retryAfter() == null ? null : result.retryAfter().toSeconds())
                .isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | 1 | THROTTLED",
                "429 | soon | THROTTLED",
                "429 | | THROTTLED",
                "503 | 1 | THROTTLED",
                "503 | 0 | THROTTLED",
                "503 | Fri, 15 Jan 2027 07:00:00 GMT | THROTTLED",
                "503 | soon | DECLINED",
                "503 | | DECLINED",
                "500 | 1 | DECLINED"
            })
    void aReceiverThatAsksToWaitIsNotOneThatDeclines(int status, @Nullable String retryAfter, Outcome outcome)
            throws Exception {
        String header = retryAfter == null ? "" : "Retry-After: " + retryAfter + "\r\n";
        Result result = answer("HTTP/1.1 " + status + " x\r\n" + header + "Content-Length: 0\r\n\r\n");
        assertThat(result.outcome()).isEqualTo(outcome);
    }

    @Test
    void aDateCountsFromTheResponse() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (TestMerchant merchant = new TestMerchant(peer -> {
            peer.request();
            assertThat(slow.await(1_500, TimeUnit.MILLISECONDS)).isFalse();
            peer.say("HTTP/1.1 503 x\r\nRetry-After: Fri, 15 Jan 2027 08:01:00 GMT\r\nContent-Length: 0\r\n\r\n");
        })) {
            // NOW is 2027-01-15T08:00:00.123Z.
            assertThat(send(sender, merchant.url()).retryAfter())
                    .isBetween(Duration.ofSeconds(20), Duration.ofMillis(60_000 - 123 - 1_500));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 7\r\nContent-Length: 7\r\n\r\nsuccess",
                "Content-Length: 7, 7\r\n\r\nsuccess",
                "Content-Length: 7\r\nContent-Length: 07\r\nContent-Length:  7 \r\n\r\nsuccess",
                "Transfer-Encoding: identity\r\nContent-Length: 7\r\n\r\nsuccess",
                "Transfer-Encoding: Identity\r\n\r\nsuccess",
                "Transfer-Encoding: identity, chunked\r\n\r\n7\r\nsuccess\r\n0\r\n\r\n",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nsuccess\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n7\r\nsuccess\r\n0\r\n\r\n"
            })
    void redundantFramingIsUnderstood(String rest) throws Exception {
        Result result = answer("HTTP/1.1 200 OK\r\n" + rest, Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @Test
    void anAnswerBeforeTheWholeRequestWasReadCounts() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> {
            peer.in().readNBytes(100);
            peer.say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            peer.socket().shutdownOutput();
            peer.listenForEver();
        })) {
            String payload = "\"" + "x".repeat(200_000) + "\"";
            Result result = send(sender, request(merchant.url(), Acknowledgement.STATUS_2XX, payload));
            assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
            assertThat(result.error()).isEqualTo("status 413");
        }
    }
}
