package dev.rung.adapter.http;

import static dev.rung.adapter.http.SenderTests.PAYLOAD;
import static dev.rung.adapter.http.SenderTests.request;
import static dev.rung.adapter.http.SenderTests.send;
import static dev.rung.adapter.http.SenderTests.sender;
import static dev.rung.adapter.http.SenderTests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merchants that misbehave, and what is said of each. */
class HttpSenderFailureTest {
    private static final long DEADLINE_MILLIS = 400;
    private static final String NO_RESPONSE = "no complete response within 400ms";

    private static Result sendTo(TestMerchant.Conversation conversation) throws Exception {
        try (TestMerchant merchant = new TestMerchant(conversation);
                HttpSender sender = sender(DEADLINE_MILLIS)) {
            return send(sender, merchant.url());
        }
    }

    /** Sends, and sees to it that the deadline was kept: not a moment early, and hardly late. */
    private static void timesOut(TestMerchant.Conversation conversation, String error) throws Exception {
        try (TestMerchant merchant = new TestMerchant(conversation);
                HttpSender sender = sender(DEADLINE_MILLIS)) {
            long start = System.nanoTime();
            Result result = send(sender, merchant.url());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(result.error()).isEqualTo(error);
            assertThat(result.answer()).isNull();
            assertThat(millis).isBetween(DEADLINE_MILLIS, DEADLINE_MILLIS + 600);
            await().until(() -> merchant.openConnections() == 0);
        }
    }

    @Test
    void aMerchantThatNeverAnswersTimesOut() throws Exception {
        timesOut(TestMerchant.Peer::listenForEver, NO_RESPONSE);
    }

    @Test
    void aMerchantThatDoesNotEvenReadTimesOut() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> new CountDownLatch(1).await());
                HttpSender sender = sender(DEADLINE_MILLIS)) {
            Result result = send(
                    sender, request(merchant.url(), Acknowledgement.STATUS_2XX, "\"" + "x".repeat(8_000_000) + "\""));
            assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
        }
    }

    @Test
    void aTricklingHeadTimesOut() throws Exception {
        timesOut(
                peer -> {
                    peer.request();
                    peer.say("HTTP/1.1 200 OK\r\n");
                    peer.sayForEver("x: y\r\n", 20);
                },
                NO_RESPONSE);
    }

    @Test
    void interimAnswersWithoutEndTimeOut() throws Exception {
        timesOut(
                peer -> {
                    peer.request();
                    peer.sayForEver("HTTP/1.1 102 Processing\r\n\r\n", 20);
                },
                NO_RESPONSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n\r\n", "\r\n", "Transfer-Encoding: chunked\r\n\r\n"})
    void aTricklingBodyTimesOutThoughTheStatusWas200(String rest) throws Exception {
        timesOut(
                peer -> {
                    peer.request();
                    peer.say("HTTP/1.1 200 OK\r\n" + rest);
                    peer.sayForEver(rest.startsWith("T") ? "1\r\nx\r\n" : "x", 20);
                },
                NO_RESPONSE + ": its head had come, its body had not ended");
    }

    @Test
    void aConnectionThatIsNeverAcceptedTimesOut() throws Exception {
        // Linux answers no further SYN once the backlog is full.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpSender sender = sender(DEADLINE_MILLIS)) {
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                results.add(sender.send(request("http://127.0.0.1:" + full.getLocalPort() + "/"))
                        .toCompletableFuture());
            }
            List<String> errors = new ArrayList<>();
            for (CompletableFuture<Result> result : results) {
                assertThat(result.get().outcome()).isEqualTo(Outcome.TIMED_OUT);
                errors.add(result.get().error());
            }
            assertThat(errors).contains(NO_RESPONSE + ": no connection was made");
        }
    }

    @Test
    void aResetIsUnreachable() throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.reset();
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).matches("127\\.0\\.0\\.1:\\d+ broke the connection off without an answer: .+");
    }

    @Test
    void hangingUpWithoutAnAnswerIsUnreachable() throws Exception {
        Result result = sendTo(TestMerchant.Peer::request);
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).matches("127\\.0\\.0\\.1:\\d+ closed the connection without an answer");
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
        assertThat(result.error()).contains("in the middle of its answer");
        assertThat(result.answer()).isNull();
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
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 99 Low\r\n\r\n"
            })
    void whatIsNotHttpIsUnreachable(String answer) throws Exception {
        Result result = sendTo(peer -> {
            peer.request();
            peer.say(answer);
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(result.error()).doesNotContain("an error in Rung").isNotBlank();
    }

    @Test
    void anEndlessHeadIsCutOff() throws Exception {
        for (String line : List.of("x: " + "y".repeat(1000) + "\r\n", "z", "x: y\r\n", "\r\n")) {
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
    void aClosedPortIsUnreachableAndNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (HttpSender sender = sender(5_000)) {
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
        try (HttpSender sender = sender(settings(5_000), "", none)) {
            Result result = send(sender, "https://shop.example/");
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("the name shop.example does not resolve");
        }
    }

    @Test
    void aLookUpThatHangsTimesOutAndHoldsUpNobodyElse() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger lookUps = new AtomicInteger();
        NameResolver hanging = host -> {
            if (host.startsWith("hanging")) {
                lookUps.incrementAndGet();
                awaitQuietly(never);
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (TestMerchant merchant = TestMerchant.answering("HTTP/1.1 204 x\r\n\r\n");
                HttpSender sender = sender(settings(DEADLINE_MILLIS), "127.0.0.0/8", hanging)) {
            List<CompletableFuture<Result>> hung = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                // Five attempts share a name, and so its look-up.
                hung.add(sender.send(request("https://hanging" + i % 100 + ".example/"))
                        .toCompletableFuture());
            }
            Result other = send(sender, "http://shop.example:" + merchant.port() + "/");
            assertThat(other.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            for (CompletableFuture<Result> result : hung) {
                assertThat(result.get().outcome()).isEqualTo(Outcome.TIMED_OUT);
                assertThat(result.get().error())
                        .isEqualTo(NO_RESPONSE + ": the look-up of its name was still under way");
            }
            assertThat(lookUps).hasValue(100);
            never.countDown();
        }
    }

    @Test
    void abandonedLookUpsAreBounded() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        NameResolver hanging = host -> {
            awaitQuietly(never);
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (HttpSender sender = sender(settings(2_000), "127.0.0.0/8", hanging)) {
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < Lookups.UNDER_WAY_MAX + 20; i++) {
                results.add(sender.send(request("https://hanging" + i + ".example/"))
                        .toCompletableFuture());
            }
            List<Outcome> outcomes =
                    results.stream().map(r -> r.join().outcome()).toList();
            assertThat(outcomes).filteredOn(o -> o == Outcome.TIMED_OUT).hasSize(Lookups.UNDER_WAY_MAX);
            assertThat(outcomes).filteredOn(o -> o == Outcome.UNREACHABLE).hasSize(20);
            never.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException _) {
                // A look-up in native code cannot be interrupted either.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void twoThousandSlowMerchantsDelayNobody() throws Exception {
        try (TestMerchant slow = new TestMerchant(TestMerchant.Peer::listenForEver);
                TestMerchant quick = TestMerchant.answering("HTTP/1.1 204 x\r\n\r\n");
                HttpSender sender = sender(3_000)) {
            List<CompletableFuture<Result>> waiting = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                waiting.add(sender.send(request(slow.url())).toCompletableFuture());
            }
            await().until(() -> slow.openConnections() == 2_000);
            long start = System.nanoTime();
            assertThat(send(sender, quick.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
            assertThat(waiting.stream().map(r -> r.join().outcome()).distinct()).containsExactly(Outcome.TIMED_OUT);
            await().until(() -> slow.openConnections() == 0);
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
