package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.PAYLOAD;
import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Response bodies with a content coding. */
class HttpSenderCodingTest {
    private static Result answer(String coding, String body, Acknowledgement rule) throws Exception {
        try (TestMerchant merchant = TestMerchant.answering("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                HttpSender sender = sender(120_000)) {
            return send(sender, request(merchant.url(), rule, PAYLOAD));
        }
    }

    private static String encoded(String coding, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = switch (coding) {
            case "gzip" -> new GZIPOutputStream(bytes);
            case "deflate" -> new DeflaterOutputStream(bytes);
            case "raw-deflate" -> new DeflaterOutputStream(bytes, new Deflater(9, true));
            default -> bytes;
        };
        try (out) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toString(ISO_8859_1);
    }

    @Test
    void theRequestAsksForNoCoding() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering("HTTP/1.1 204 x\r\n\r\n");
                HttpSender sender = sender(120_000)) {
            send(sender, merchant.url());
            assertThat(merchant.requests().getFirst()).containsIgnoringCase("\r\naccept-encoding: identity\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip,gzip",
        "GZIP,gzip",
        "x-gzip,gzip",
        "deflate,deflate",
        "deflate,raw-deflate",
        "identity,identity",
        "'identity, gzip',gzip",
        "'',identity"
    })
    void aCodedBodyIsJudgedAndKeptDecoded(String header, String coding) throws Exception {
        Result success = answer(header, encoded(coding, " success\n"), Acknowledgement.BODY_SUCCESS);
        assertThat(success.outcome()).as(success.error()).isEqualTo(Outcome.ACKNOWLEDGED);
        Result json = answer(header, encoded(coding, "{\"code\":\"SUCCESS\"}"), Acknowledgement.JSON_CODE_SUCCESS);
        assertThat(json.outcome()).as(json.error()).isEqualTo(Outcome.ACKNOWLEDGED);
        Result failure = answer(header, encoded(coding, "no such order"), Acknowledgement.BODY_SUCCESS);
        assertThat(failure.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(failure.error()).isEqualTo("the body is not \"success\"");
        assertThat(Objects.requireNonNull(failure.answer()).body())
                .asString(ISO_8859_1)
                .isEqualTo("no such order");
    }

    @Test
    void twoCodingsAreRemovedInReverseOrder() throws Exception {
        Result result =
                answer("deflate, gzip", encoded("gzip", encoded("deflate", "success")), Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "compress"})
    void anotherCodingIsNamed(String coding) throws Exception {
        Result result = answer(coding, "whatever", Acknowledgement.BODY_SUCCESS);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error())
                .isEqualTo(
                        "the body is encoded with " + coding + ", although the request says Accept-Encoding: identity");
        assertThat(answer(coding, "whatever", Acknowledgement.STATUS_2XX).outcome())
                .isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @Test
    void aDamagedBodyIsNamed() throws Exception {
        String truncated = encoded("gzip", "success").substring(0, 15);
        for (String body : new String[] {"success", truncated}) {
            assertThat(answer("gzip", body, Acknowledgement.BODY_SUCCESS).error())
                    .isEqualTo("the body is not valid gzip (Content-Encoding)");
            assertThat(answer("gzip", body, Acknowledgement.STATUS_2XX).outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void onlyTheJudgedPartIsInflated() throws Exception {
        Result result = answer("gzip", encoded("gzip", "x".repeat(20_000_000)), Acknowledgement.BODY_SUCCESS);
        assertThat(result.error()).isEqualTo("the body is longer than 64 KiB");
        assertThat(Objects.requireNonNull(result.answer()).body()).hasSize(4096);
    }
}
