package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static dev.rung.delivery.http.SenderTests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * One deadline for everything together, whatever a merchant does with it. Many merchants at once, so that it takes little more than one
 * deadline; the bounds leave room for a machine that is busy with other things.
 */
class HttpSenderDeadlineTest {
    private static final long DEADLINE_MILLIS = 5_000;
    private static final String NO_RESPONSE = "no complete response within 5s";
    private static final String NO_END = NO_RESPONSE + ": the response head was received, but not the whole body";

    /** An attempt under way, and how it is expected to end. */
    private record Expected(String error, CompletableFuture<Result> result, AtomicInteger tookMillis) {
        static Expected of(HttpSender sender, Request request, String error) {
            long startedAt = System.nanoTime();
            AtomicInteger took = new AtomicInteger();
            CompletableFuture<Result> result = sender.send(request)
                    .thenApply(r -> {
                        took.set((int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
                        return r;
                    })
                    .toCompletableFuture();
            return new Expected(error, result, took);
        }

        void timesOutInTime() {
            Result ended = result.join();
            assertThat(ended.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(ended.error()).isEqualTo(error);
            assertThat(ended.answer() == null ? null : ended.answer().status())
                    .as("the status, once the head was received")
                    .isEqualTo(error.equals(NO_END) ? 200 : null);
            assertThat(tookMillis.get()).isBetween((int) DEADLINE_MILLIS, (int) DEADLINE_MILLIS + 30_000);
        }
    }

    @Test
    void aReceiverHasItsOwnTimeout() throws Exception {
        try (HttpSender sender = sender(30_000);
                TestMerchant silent = new TestMerchant(peer -> new CountDownLatch(1).await())) {
            Request request = request(silent.url());
            long began = System.nanoTime();
            Sender.Result result = sender.send(new Request(
                            request.id(),
                            request.kind(),
                            request.to(),
                            request.receiver().withTimeout(Duration.ofSeconds(1)),
                            request.content(),
                            request.payload(),
                            1,
                            request.now()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(result.error()).startsWith("no complete response within 1s");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void noMerchantGetsMoreThanTheDeadline() throws Exception {
        List<TestMerchant> merchants = new ArrayList<>();
        List<Expected> attempts = new ArrayList<>();
        try (HttpSender sender = sender(DEADLINE_MILLIS);
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket one = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket two = new Socket(full.getInetAddress(), full.getLocalPort())) {
            // Linux answers no further SYN once the backlog is full.
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            attempts.add(Expected.of(
                    sender,
                    request("http://127.0.0.1:" + full.getLocalPort() + "/"),
                    NO_RESPONSE + ": no connection was established"));
            merchants.add(new TestMerchant(peer -> new CountDownLatch(1).await()));
            attempts.add(Expected.of(
                    sender,
                    request(
                            merchants.getFirst().url(),
                            Acknowledgement.STATUS_2XX,
                            "\"" + "x".repeat(8_000_000) + "\""),
                    NO_RESPONSE));
            for (TestMerchant.Conversation conversation : List.<TestMerchant.Conversation>of(
                    TestMerchant.Peer::listenForEver,
                    trickling("HTTP/1.1 200 OK\r\n", "x: y\r\n"),
                    trickling("HTTP/1.1 200 OK", "z"),
                    trickling("", "HTTP/1.1 102 Processing\r\n\r\n"))) {
                merchants.add(new TestMerchant(conversation));
                attempts.add(Expected.of(sender, request(merchants.getLast().url()), NO_RESPONSE));
            }
            for (TestMerchant.Conversation conversation : List.of(
                    trickling("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x"),
                    trickling("HTTP/1.1 200 OK\r\n\r\n", "x"),
                    trickling("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"),
                    trickling("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"))) {
                merchants.add(new TestMerchant(conversation));
                attempts.add(Expected.of(sender, request(merchants.getLast().url()), NO_END));
            }
            attempts.forEach(Expected::timesOutInTime);
            // All but the one that does not even read see that they are hung up on.
            await().until(() -> merchants.stream().skip(1).allMatch(m -> m.openConnections() == 0));
        } finally {
            for (TestMerchant merchant : merchants) {
                merchant.close();
            }
        }
    }

    private static TestMerchant.Conversation trickling(String head, String drop) {
        return peer -> {
            peer.request();
            peer.say(head);
            peer.sayForEver(drop, 50);
        };
    }

    @Test
    void aLookUpThatHangsTimesOutAndHoldsUpNothingElse() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger lookUps = new AtomicInteger();
        NameResolver hanging = host -> {
            if (host.startsWith("hanging")) {
                lookUps.incrementAndGet();
                awaitLikeNativeCode(never);
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (TestMerchant merchant = TestMerchant.answering("HTTP/1.1 204 x\r\n\r\n");
                HttpSender sender = sender(settings(DEADLINE_MILLIS), "127.0.0.0/8", hanging)) {
            List<Expected> hung = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                // Five attempts share a name, and so its look-up.
                hung.add(Expected.of(
                        sender,
                        request("https://hanging" + i % 100 + ".example/"),
                        NO_RESPONSE + ": the name lookup had not finished"));
            }
            assertThat(send(sender, "http://shop.example:" + merchant.port() + "/")
                            .outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
            hung.forEach(Expected::timesOutInTime);
            assertThat(lookUps).hasValue(100);
        } finally {
            never.countDown();
        }
    }

    @Test
    void abandonedLookUpsAreBounded() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        NameResolver hanging = host -> {
            awaitLikeNativeCode(never);
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (HttpSender sender = sender(settings(DEADLINE_MILLIS), "127.0.0.0/8", hanging)) {
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < GuardedDns.UNDER_WAY_MAX + 20; i++) {
                results.add(sender.send(request("https://hanging" + i + ".example/"))
                        .toCompletableFuture());
            }
            List<Outcome> outcomes =
                    results.stream().map(r -> r.join().outcome()).toList();
            assertThat(outcomes).filteredOn(o -> o == Outcome.TIMED_OUT).hasSize(GuardedDns.UNDER_WAY_MAX);
            assertThat(outcomes).filteredOn(o -> o == Outcome.UNREACHABLE).hasSize(20);
        } finally {
            never.countDown();
        }
    }

    /** A look-up in native code cannot be interrupted either. */
    private static void awaitLikeNativeCode(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void twoThousandHangingMerchantsDelayNoOtherMerchant() throws Exception {
        try (TestMerchant hanging = new TestMerchant(TestMerchant.Peer::listenForEver);
                TestMerchant quick = TestMerchant.answering("HTTP/1.1 204 x\r\n\r\n");
                HttpSender sender = sender(300_000)) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(sender.send(request(hanging.url()))).isNotNull();
            }
            await().until(() -> hanging.openConnections() == 2_000);
            long start = System.nanoTime();
            assertThat(send(sender, quick.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
            assertThat(hanging.openConnections()).isEqualTo(2_000);
            sender.close();
            await().until(() -> hanging.openConnections() == 0);
        }
    }
}
