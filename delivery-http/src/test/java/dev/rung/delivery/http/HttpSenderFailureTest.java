package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.PAYLOAD;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static dev.rung.delivery.http.SenderTests.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merchants that misbehave, and what is said of each. */
class HttpSenderFailureTest {
    private static Result sendTo(TestMerchant.Conversation conversation) throws Exception {
        try (TestMerchant merchant = new TestMerchant(conversation);
                HttpSender sender = sender(120_000)) {
            return send(sender, merchant.url());
        }
    }

    @Test
    void aResetIsUnreachable() throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.reset();
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).matches("127\\.0\\.0\\.1:\\d+ broke the connection without a response: .+");
    }

    @Test
    void hangingUpWithoutAnAnswerIsUnreachable() throws Exception {
        Result result = sendTo(TestMerchant.Peer::request);
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).matches("127\\.0\\.0\\.1:\\d+ closed the connection without a response");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: y",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n"
            })
    void anAnswerThatBreaksOffAcknowledgesNothing(String part) throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.say(part);
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).contains("in the middle of its response");
        boolean headIsWhole = part.startsWith("HTTP/1.1 200") && part.contains("\r\n\r\n");
        assertThat(result.answer() == null ? null : result.answer().status()).isEqualTo(headIsWhole ? 200 : null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.9\r\n\r\n",
                "hello\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 99 Low\r\n\r\n",
                "HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 0 X\r\n\r\n",
                "HTTP/1.1 -1 X\r\n\r\n",
                "HTTP/1.1 1000 X\r\n\r\n",
                "HTTP/1.1 99999999999 X\r\n\r\n",
                "HTTP/1.1  \r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/9.x 200 OK\r\n\r\n",
                "HTTP/ 200\r\n\r\n"
            })
    void whatIsNotHttpIsUnreachable(String answer) throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.say(answer);
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).doesNotContain("internal error", "KiB").isNotBlank();
    }

    @Test
    void anEndlessHeadIsCutOff() throws Exception {
        for (String line : List.of("x: " + "y".repeat(1000) + "\r\n", "z")) {
            Result result = sendTo(peer -> {
                peer.request();
                peer.say(line.isBlank() ? "" : "HTTP/1.1 200 OK\r\n");
                peer.sayForEver(line, 0);
            });
            assertThat(result.outcome()).as(line).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).as(line).contains("longer than 32 KiB");
        }
    }

    @Test
    void aHeadThatExceedsALimitIsReportedByThatLimit() throws Exception {
        String ok = "HTTP/1.1 200 OK\r\n";
        String end = "Content-Length: 0\r\n\r\n";
        assertThat(sendTo(saying(ok + "x: 1\r\n".repeat(201) + end)).error())
                .endsWith(" has more than 200 header lines");
        assertThat(sendTo(saying(ok + "x: 1\r\n".repeat(199) + end)).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(sendTo(saying("\r\n".repeat(10) + ok + end)).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(sendTo(saying("\r\n".repeat(11) + ok + end)).error())
                .endsWith(" begins with more than 10 empty lines");
        assertThat(sendTo(saying(ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "x: 1\r\n".repeat(300) + "\r\n"))
                        .error())
                .doesNotContain("KiB");
    }

    private static TestMerchant.Conversation saying(String response) {
        return peer -> {
            peer.request();
            peer.say(response);
        };
    }

    @Test
    void aServerThatSpeaksOnlyHttp2IsNamedAsSuch() throws Exception {
        String settings = "\0\0\6\4\0\0\0\0\0\0\3\0\0\0d";
        Result afterTheRequest = sendTo(peer -> {
            peer.request();
            peer.say(settings);
            peer.reset();
        });
        Result first = sendTo(peer -> {
            peer.say(settings);
            peer.listenForEver();
        });
        Result goAway = sendTo(saying("\0\0\10\7\0\0\0\0\0\0\0\0\0\0\0\0\1"));
        for (Result result : List.of(afterTheRequest, first, goAway)) {
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).endsWith("it speaks HTTP/2 only; HTTP/1.1 is required");
        }
    }

    @Test
    void aClosedPortIsUnreachableAndNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (HttpSender sender = sender(120_000)) {
            Result result = send(sender, "http://127.0.0.1:" + port + "/");
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("connection refused by 127.0.0.1:" + port);
        }
    }

    @Test
    void aNameThatDoesNotResolveIsUnreachable() throws Exception {
        NameResolver none = host -> {
            throw new UnknownHostException(host);
        };
        try (HttpSender sender = sender(settings(120_000), "", none)) {
            Result result = send(sender, "https://shop.example/");
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("the name shop.example does not resolve");
        }
    }

    @Test
    void noErrorRepeatsThePayload() throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.say(PAYLOAD + "\r\n\r\n");
        });
        assertThat(result.error()).isNotNull().hasSizeLessThan(501);
    }
}
