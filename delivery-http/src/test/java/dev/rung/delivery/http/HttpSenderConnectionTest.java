package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.OK;
import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static dev.rung.delivery.http.SenderTests.settings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where connections lead, how many there are, and when one is used again. */
class HttpSenderConnectionTest {

    /** Until the sender would use a kept connection again: a server's promise is doubted for a few milliseconds. */
    private static void rest(HttpSender sender, TestMerchant merchant) {
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> sender.idle().has(new ConnectionRoute(false, "127.0.0.1", merchant.port(), null)));
    }

    private static NameResolver leadingTo(String... addresses) {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.ofLiteral(address));
        }
        return host -> all;
    }

    @Test
    void oneConnectionCarriesManyRequests() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                HttpSender sender = sender(120_000)) {
            for (int i = 0; i < 20; i++) {
                assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
                rest(sender, merchant);
            }
            assertThat(merchant.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=0\r\n\r\n",
                "HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n"
            })
    void aConnectionThatIsNotToBeUsedAgainIsNot(String answer) throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(answer);
                HttpSender sender = sender(120_000)) {
            send(sender, merchant.url());
            assertThat(sender.idle().size()).isZero();
            send(sender, merchant.url());
            assertThat(merchant.connections()).isEqualTo(2);
            await().until(() -> merchant.openConnections() == 0);
        }
    }

    @Test
    void aServerThatClosesAfterEachAnswerWithoutSayingSoCostsNoAttempt() throws Exception {
        LongAccumulator slowestClose = new LongAccumulator(Math::max, 0);
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    peer.request();
                    long before = System.nanoTime();
                    peer.say(OK);
                    peer.socket().close();
                    slowestClose.accumulate(System.nanoTime() - before);
                });
                HttpSender sender = sender(120_000)) {
            int lost = 0;
            for (int i = 0; i < 200; i++) {
                Result result = send(sender, merchant.url());
                if (result.outcome() != Outcome.ACKNOWLEDGED) {
                    lost++;
                    // Forgiven if this machine kept the server from closing for longer than the sender doubts it.
                    await().until(() -> merchant.openConnections() == 0);
                    assertThat(slowestClose.get())
                            .as(result.error())
                            .isGreaterThanOrEqualTo(IdleConnections.PROBATION_NANOS);
                }
            }
            assertThat(merchant.connections()).isEqualTo(200 - lost);
        }
    }

    @Test
    void aKeptConnectionThatWasClosedMeanwhileCostsNoAttempt() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    peer.request();
                    peer.say(OK);
                    if (peer.request() != null) {
                        peer.say(OK);
                        second.await();
                    }
                });
                HttpSender sender = sender(120_000)) {
            send(sender, merchant.url());
            rest(sender, merchant);
            send(sender, merchant.url());
            assertThat(merchant.connections()).isEqualTo(1);
            second.countDown();
            await().until(() -> merchant.openConnections() == 0);
            assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(merchant.connections()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerToNothingIsNotTakenForTheNextAnswer() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    while (peer.request() != null) {
                        peer.say(OK + "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                HttpSender sender = sender(120_000)) {
            for (int i = 0; i < 3; i++) {
                assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
                rest(sender, merchant);
            }
            assertThat(merchant.connections()).isEqualTo(3);
        }
    }

    @Test
    void nothingIsEverSentTwice() throws Exception {
        // Keeps a connection for two requests, and hangs up on the third after reading it.
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    for (int i = 0; i < 2 && peer.request() != null; i++) {
                        peer.say(OK);
                    }
                    peer.request();
                });
                HttpSender sender = sender(120_000)) {
            for (int i = 0; i < 2; i++) {
                send(sender, merchant.url());
                rest(sender, merchant);
            }
            Result third = send(sender, merchant.url());
            assertThat(third.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(third.error()).contains("without a response");
            assertThat(merchant.requests()).hasSize(3);
            assertThat(merchant.connections()).isEqualTo(1);

            // And is not trusted with another request on a connection that has carried one.
            send(sender, merchant.url());
            assertThat(sender.idle().size()).isZero();
            send(sender, merchant.url());
            assertThat(merchant.connections()).isEqualTo(3);
        }
    }

    @Test
    void idleConnectionsAreBounded() throws Exception {
        HttpSenderSettings few = new HttpSenderSettings("1", Duration.ofSeconds(120), 6, 4, null);
        CountDownLatch all = new CountDownLatch(20);
        TestMerchant.Conversation together = peer -> {
            while (peer.request() != null) {
                all.countDown();
                all.await();
                peer.say(OK);
            }
        };
        try (TestMerchant first = new TestMerchant(together);
                TestMerchant second = new TestMerchant(together);
                HttpSender sender = sender(few, "127.0.0.0/8", NameResolver.SYSTEM)) {
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String url = i % 2 == 0 ? first.url() : second.url();
                results.add(sender.send(request(url)).toCompletableFuture());
            }
            assertThat(results).allMatch(r -> r.join().outcome() == Outcome.ACKNOWLEDGED);
            assertThat(sender.idle().size()).isEqualTo(6);
            await().until(() -> first.openConnections() + second.openConnections() == 6);
            assertThat(first.openConnections()).isBetween(2, 4);
        }
    }

    @Test
    void aConnectionIsClosedWhenTheServersPromiseEnds() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=4, max=100\r\n\r\n");
                HttpSender sender = sender(120_000)) {
            send(sender, merchant.url());
            assertThat(sender.idle().size()).isEqualTo(1);
            await().until(() -> sender.idle().size() == 0 && merchant.openConnections() == 0);
        }
    }

    @Test
    void anAddressThatIsNotAllowedIsNeverConnectedTo() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                HttpSender literal = sender(settings(120_000), "", NameResolver.SYSTEM);
                HttpSender named = sender(settings(120_000), "10.0.0.0/8", leadingTo("127.0.0.1"))) {
            Result byAddress = send(literal, merchant.url());
            assertThat(byAddress.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(byAddress.error())
                    .isEqualTo("address 127.0.0.1 is not allowed; allow it with --allow-targets 127.0.0.1/32");
            for (String host : List.of("0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "127.0.0.1.")) {
                assertThat(send(literal, "http://" + host + ":" + merchant.port() + "/")
                                .outcome())
                        .isEqualTo(Outcome.REFUSED);
            }
            Result byName = send(named, "http://shop.example:" + merchant.port() + "/");
            assertThat(byName.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(byName.error()).contains("address 127.0.0.1 is not allowed");
            assertThat(merchant.connections()).isZero();
        }
    }

    @Test
    void aMalformedUrlIsRefusedInWords() throws Exception {
        try (HttpSender sender = sender(120_000)) {
            Result result = send(sender, "https://user:hunter2@shop.example/");
            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(result.error()).isEqualTo("the URL must not contain credentials (user:password@)");
        }
    }

    @Test
    void aNameThatChangesItsMindAfterTheCheckGainsNothing() throws Exception {
        // The first answer is allowed and leads nowhere; every further one would lead inside.
        ConcurrentLinkedQueue<InetAddress> answers =
                new ConcurrentLinkedQueue<>(List.of(InetAddress.ofLiteral("127.0.0.2")));
        AtomicInteger lookUps = new AtomicInteger();
        NameResolver rebinding = host -> {
            lookUps.incrementAndGet();
            InetAddress first = answers.poll();
            return List.of(first != null ? first : InetAddress.ofLiteral("127.0.0.1"));
        };
        try (TestMerchant inside = TestMerchant.answering(OK);
                HttpSender sender = sender(settings(120_000), "127.0.0.2/32", rebinding)) {
            Result result = send(sender, "http://shop.example:" + inside.port() + "/");
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("connection refused by 127.0.0.2:" + inside.port());
            assertThat(lookUps).hasValue(1);
            await().until(() ->
                    send(sender, "http://shop.example:" + inside.port() + "/").outcome() == Outcome.REFUSED);
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void ofSeveralAddressesTheForbiddenAreLeftOutAndTheNextIsTried() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                HttpSender sender =
                        sender(settings(120_000), "127.0.0.0/8", leadingTo("10.0.0.1", "127.0.0.2", "127.0.0.1"))) {
            assertThat(send(sender, "http://shop.example:" + merchant.port() + "/")
                            .outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(merchant.requests().getFirst()).contains("\r\nHost: shop.example:" + merchant.port() + "\r\n");
        }
    }

    @Test
    void anAddressThatSwallowsEverythingLeavesTimeForTheNext() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                ServerSocket full = new ServerSocket(merchant.port(), 1, InetAddress.ofLiteral("127.0.0.2"));
                Socket one = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket two = new Socket(full.getInetAddress(), full.getLocalPort());
                HttpSender sender = sender(settings(12_000), "127.0.0.0/8", leadingTo("127.0.0.2", "127.0.0.1"))) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            assertThat(send(sender, "http://shop.example:" + merchant.port() + "/")
                            .outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void aProxyIsAskedForTheVettedAddressAndNotForTheName() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Tunnels tunnels = new Tunnels(proxy);
            HttpSenderSettings through = new HttpSenderSettings(
                    "1", Duration.ofSeconds(120), 10, 10, HttpProxy.parse("http://localhost:" + proxy.getLocalPort()));
            try (HttpSender sender = sender(through, "127.0.0.1/32", leadingTo("127.0.0.1"))) {
                Result result = send(sender, "http://shop.example:" + merchant.port() + "/");
                assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
            }
            assertThat(tunnels.asked()).containsExactly("CONNECT 127.0.0.1:" + merchant.port() + " HTTP/1.1");
            assertThat(merchant.requests().getFirst())
                    .startsWith("POST / HTTP/1.1\r\nHost: shop.example:" + merchant.port() + "\r\n");
        }
    }

    @Test
    void aProxyThatAsksForCredentialsIsSentThemAndNoOneElseIs() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK);
                ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Tunnels tunnels = new Tunnels(proxy);
            HttpProxy asking = HttpProxy.parse("http://rung:p%40ss%20w%C3%B6rd@localhost:" + proxy.getLocalPort());
            HttpSenderSettings through = new HttpSenderSettings("1", Duration.ofSeconds(120), 10, 10, asking);
            try (HttpSender sender = sender(through, "127.0.0.1/32", leadingTo("127.0.0.1"))) {
                Result result = send(sender, "http://shop.example:" + merchant.port() + "/");
                assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
            }
            String credentials = Base64.getEncoder().encodeToString("rung:p@ss wörd".getBytes(UTF_8));
            assertThat(tunnels.heads())
                    .singleElement()
                    .asString()
                    .contains("\r\nProxy-Authorization: Basic " + credentials + "\r\n");
            assertThat(merchant.requests().getFirst()).doesNotContainIgnoringCase("authorization");
            assertThat(through.toString()).doesNotContain(credentials, "p@ss", "p%40ss");
        }
    }

    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        try (TestMerchant proxy = new TestMerchant(peer -> {
            peer.in().readNBytes(20);
            peer.say("HTTP/1.1 403 Forbidden by policy\r\n\r\n");
            peer.listenForEver();
        })) {
            HttpSenderSettings through = new HttpSenderSettings(
                    "1", Duration.ofSeconds(120), 10, 10, new HttpProxy("127.0.0.1", proxy.port()));
            try (HttpSender sender = sender(through, "10.0.0.7/32", NameResolver.SYSTEM)) {
                Result result = send(sender, "http://10.0.0.7:9000/");
                assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
                assertThat(result.error())
                        .isEqualTo(
                                "the proxy responded to CONNECT 10.0.0.7:9000 with \"HTTP/1.1 403 Forbidden by policy\"");
                assertThat(send(sender, "http://10.0.0.8:9000/").outcome()).isEqualTo(Outcome.REFUSED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy:3128",
                "https://proxy:3128",
                "http://proxy",
                "http://u:secret@proxy:1/x",
                "http://u:sec ret@proxy:1",
                "http://proxy:1/x",
                "http://proxy:99999"
            })
    void aMalformedProxyIsExplained(String text) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> HttpProxy.parse(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://host:port")
                .hasMessageNotContaining("sec");
    }
}
