package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.KEYS;
import static dev.rung.delivery.http.SenderTests.OK;
import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.settings;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.TlsIdentities;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS: which servers are trusted, and the error for one that is not. */
class HttpSenderTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path dir;

    private static KeyStore shop;
    private static KeyStore expired;
    private static KeyStore unknown;
    private static SSLContext trust;

    @BeforeAll
    static void makeCertificates() throws Exception {
        String names = "san=dns:shop.example,dns:my-shop,dns:*.pay.example,dns:xn--cl1a.example,ip:127.0.0.1";
        Process shopMade = keytool("shop", "shop", "-ext", names, "-validity", "2");
        Process unknownMade = keytool("unknown", "unknown", "-ext", names, "-validity", "2");
        // The dates of a certificate that is itself trusted are not checked, so this one has an issuer.
        Process issuerMade = keytool("expired", "issuer", "-ext", "bc:c", "-validity", "2");
        KeyStore issuer = keyStore("expired", issuerMade);
        Process expiredMade = keytool(
                "expired", "expired", "-signer", "issuer", "-ext", names, "-startdate", "-10d", "-validity", "5");
        shop = keyStore("shop", shopMade);
        unknown = keyStore("unknown", unknownMade);
        expired = keyStore("expired", expiredMade);
        expired.deleteEntry("issuer");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("shop", shop.getCertificate("shop"));
        trusted.setCertificateEntry("issuer", issuer.getCertificate("issuer"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    private static Process keytool(String store, String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                dir.resolve(store).toString()));
        Collections.addAll(command, more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static KeyStore keyStore(String name, Process making) throws Exception {
        assertThat(making.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(making.exitValue()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(dir.resolve(name))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext serverContext(KeyStore store) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLServerSocket listen(KeyStore store, String... protocols) throws Exception {
        SSLContext context = serverContext(store);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        if (protocols.length > 0) {
            server.setEnabledProtocols(protocols);
        }
        return server;
    }

    private static HttpSender sender(long deadlineMillis) {
        return sender(deadlineMillis, trust);
    }

    private static HttpSender sender(long deadlineMillis, SSLContext trusting) {
        return new HttpSender(
                settings(deadlineMillis),
                KEYS,
                new SigningDialects(KEYS),
                new EgressGuard(AllowedTargets.parse("127.0.0.0/8")),
                host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                trusting);
    }

    private static String url(String host, TestMerchant merchant) {
        return "https://" + host + ":" + merchant.port() + "/";
    }

    private static void answerAll(TestMerchant.Peer peer) throws Exception {
        while (peer.request() != null) {
            peer.say(OK);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void aTrustedCertificateForTheHostIsBelieved(String protocol) throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (TestMerchant merchant = new TestMerchant(listen(shop, protocol), peer -> {
                    SSLSocket socket = (SSLSocket) peer.socket();
                    socket.startHandshake();
                    for (SNIServerName name : ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
                        asked.add(new String(name.getEncoded(), US_ASCII));
                    }
                    answerAll(peer);
                });
                HttpSender sender = sender(120_000)) {
            for (int i = 0; i < 5; i++) {
                Result result = send(sender, url("shop.example", merchant));
                assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
                await().until(() ->
                        sender.idle().has(new ConnectionRoute(true, "shop.example", merchant.port(), null)));
            }
            assertThat(merchant.connections()).as("kept and used again").isEqualTo(1);
            assertThat(asked).containsExactly("shop.example");
            assertThat(send(sender, url("127.0.0.1", merchant)).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(merchant.requests().getFirst()).contains("\r\nHost: shop.example:" + merchant.port() + "\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "my-shop,my-shop",
        "MY-SHOP.,my-shop",
        "茶.example,xn--cl1a.example",
        "shop.example.,shop.example",
        "a.pay.example,a.pay.example"
    })
    void everyNameIsSentAndVerified(String host, String sent) throws Exception {
        isDelivered(shop, trust, host, sent);
    }

    private static void isDelivered(KeyStore store, SSLContext trusting, String host, String sent) throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (TestMerchant merchant = new TestMerchant(listen(store), peer -> {
                    SSLSocket socket = (SSLSocket) peer.socket();
                    socket.startHandshake();
                    for (SNIServerName name : ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
                        asked.add(new String(name.getEncoded(), US_ASCII));
                    }
                    answerAll(peer);
                });
                HttpSender sender = sender(120_000, trusting)) {
            Result result = send(sender, url(host, merchant));
            assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(asked).containsExactly(sent);
            assertThat(merchant.requests().getFirst()).contains("\r\nHost: " + sent + ":" + merchant.port() + "\r\n");
        }
    }

    private static void isNotBelieved(KeyStore store, String host, String why) throws Exception {
        try (TestMerchant merchant = new TestMerchant(listen(store), HttpSenderTlsTest::answerAll);
                HttpSender sender = sender(120_000)) {
            Result result = send(sender, url(host, merchant));
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("TLS with " + host + " failed: " + why);
            assertThat(merchant.requests()).isEmpty();
        }
    }

    /** The JDK's own server rejects such names, so this one reads the ClientHello itself. */
    @ParameterizedTest
    @ValueSource(strings = {"my_shop.example", "_a.b_c.example", "_"})
    void aNameWithAnUnderscoreIsSent(String host) throws Exception {
        AtomicReference<String> hello = new AtomicReference<>("");
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    byte[] head = peer.in().readNBytes(5);
                    int length = (head[3] & 0xff) << 8 | head[4] & 0xff;
                    hello.set(new String(peer.in().readNBytes(length), ISO_8859_1));
                });
                HttpSender sender = sender(120_000)) {
            assertThat(send(sender, url(host, merchant)).error()).startsWith("TLS with " + host + " failed: ");
            // RFC 6066: type host_name, then the length in two bytes.
            assertThat(hello.get()).contains("\0\0" + (char) host.length() + host);
        }
    }

    @Test
    void aCertificateIsCheckedForANameThatTheJdkDoesNotAccept() throws Exception {
        assertThat(HostNameCheck.isSupportedByJdk("my_shop.pay.example")).isFalse();
        assertThat(HostNameCheck.isSupportedByJdk("a.pay.example")).isTrue();
        X509Certificate certificate = (X509Certificate) shop.getCertificate("shop");
        HostNameCheck.verify(certificate, "my_shop.pay.example");
        assertThatThrownBy(() -> HostNameCheck.verify(certificate, "my_shop.example"))
                .isInstanceOf(CertificateException.class)
                .hasMessageStartingWith("No ");
    }

    @Test
    void aCertificateForAnotherSingleLabelIsNot() throws Exception {
        isNotBelieved(shop, "other-shop", "its certificate is not for other-shop");
    }

    @Test
    void namesAreMatchedByWholeLabels() {
        assertThat(HostNameCheck.matches("My_Shop.test", "my_shop.test")).isTrue();
        assertThat(HostNameCheck.matches("*.pay.test", "my_shop.pay.test")).isTrue();
        assertThat(HostNameCheck.matches("*.pay.test", "pay.test")).isFalse();
        assertThat(HostNameCheck.matches("*.pay.test", "a.my_shop.pay.test")).isFalse();
        assertThat(HostNameCheck.matches("*.test", "my_shop.test")).isFalse();
        assertThat(HostNameCheck.matches("my_*.pay.test", "my_shop.pay.test")).isFalse();
        assertThat(HostNameCheck.matches("*", "my_shop")).isFalse();
    }

    @Test
    void aCertificateForAnotherHostIsNot() throws Exception {
        isNotBelieved(shop, "evil.example", "its certificate is not for evil.example");
    }

    @Test
    void anExpiredCertificateIsNot() throws Exception {
        isNotBelieved(expired, "shop.example", "its certificate has expired");
    }

    @Test
    void aCertificateFromAnUnknownAuthorityIsNot() throws Exception {
        isNotBelieved(
                unknown, "shop.example", "its certificate was not issued by an authority that this machine trusts");
    }

    @Test
    void aServerWithoutTlsIsNamedAsSuch() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    peer.in().readNBytes(10);
                    peer.say("HTTP/1.1 400 Bad Request\r\n\r\n");
                    peer.listenForEver();
                });
                HttpSender sender = sender(120_000)) {
            Result result = send(sender, url("shop.example", merchant));
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).isEqualTo("TLS with shop.example failed: it does not speak TLS");
        }
    }

    @Test
    void aServerThatHangsUpDuringTheHandshakeIsUnreachable() throws Exception {
        try (TestMerchant merchant = new TestMerchant(peer -> peer.in().readNBytes(10));
                HttpSender sender = sender(120_000)) {
            Result result = send(sender, url("shop.example", merchant));
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error()).startsWith("TLS with shop.example failed: ");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3,false", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.2,true"})
    void aBodyUntilCloseIsCompleteOnlyWithCloseNotify(String protocol, boolean notified) throws Exception {
        SSLContext context = serverContext(shop);
        try (TestMerchant merchant = new TestMerchant(peer -> {
                    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(peer.socket(), null, true);
                    socket.setEnabledProtocols(new String[] {protocol});
                    assertThat(socket.getInputStream().read(new byte[16 * 1024]))
                            .isPositive();
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nsuccess".getBytes(US_ASCII));
                    (notified ? socket : peer.socket()).close();
                });
                HttpSender sender = sender(120_000)) {
            Result result = send(sender, url("shop.example", merchant));
            if (notified) {
                assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
            } else {
                assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
                assertThat(result.error())
                        .matches("shop\\.example:\\d+ broke the connection in the middle of its response:"
                                + " the TLS stream ended without close_notify");
            }
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void aReceiversPrivateAuthorityIsTrustedAndItsClientCertificatePresented(String protocol) throws Exception {
        TrustManagerFactory clients = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        clients.init(shop);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(unknown, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), clients.getTrustManagers(), null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        server.setEnabledProtocols(new String[] {protocol});
        server.setNeedClientAuth(true);
        String ca = pem("CERTIFICATE", unknown.getCertificate("unknown").getEncoded());
        String cert = pem("CERTIFICATE", shop.getCertificate("shop").getEncoded());
        String key = pem("PRIVATE KEY", shop.getKey("shop", PASSWORD).getEncoded());
        TlsIdentities.checkAuthority(ca);
        TlsIdentities.checkKey(cert, key);
        assertThatThrownBy(() -> TlsIdentities.checkKey(ca, key)).hasMessage("is not the key of client_cert");
        try (TestMerchant merchant = new TestMerchant(server, HttpSenderTlsTest::answerAll);
                HttpSender sender = sender(120_000)) {
            Request request = request(url("shop.example", merchant));
            assertThat(send(sender, with(request, KEYS.tls().seal(request.to(), ca, cert, key)))
                            .outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
            // Neither without the certificate, nor over the other's connection, nor without the authority.
            assertThat(send(sender, with(request, KEYS.tls().seal(request.to(), ca, null, null)))
                            .error())
                    .contains("it requires a client certificate");
            assertThat(send(sender, with(request, KEYS.tls().seal(request.to(), null, cert, key)))
                            .error())
                    .contains("was not issued by an authority");
            assertThat(send(sender, request).outcome()).isEqualTo(Outcome.UNREACHABLE);
        }
    }

    private static Request with(Request r, Receiver.Tls tls) {
        Receiver own = r.receiver().withTls(tls);
        return new Request(r.id(), r.kind(), r.to(), own, r.content(), r.payload(), r.number(), r.now());
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void aServerThatRequiresAClientCertificateIsNamedAsSuch(String protocol) throws Exception {
        SSLServerSocket server = listen(shop, protocol);
        server.setNeedClientAuth(true);
        try (TestMerchant merchant = new TestMerchant(server, HttpSenderTlsTest::answerAll);
                HttpSender sender = sender(120_000)) {
            String large = "\"" + "x".repeat(200_000) + "\"";
            for (String payload : List.of("1", large)) {
                Result result =
                        send(sender, request(url("shop.example", merchant), Acknowledgement.STATUS_2XX, payload));
                assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
                assertThat(result.error()).contains("it requires a client certificate");
            }
        }
    }

    @Test
    void aServerThatOffersOnlyHttp2IsNamedAsSuch() throws Exception {
        SSLServerSocket server = listen(shop);
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        server.setSSLParameters(parameters);
        try (TestMerchant merchant = new TestMerchant(server, HttpSenderTlsTest::answerAll);
                HttpSender sender = sender(120_000)) {
            Result result = send(sender, url("shop.example", merchant));
            assertThat(result.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(result.error())
                    .isEqualTo("TLS with shop.example failed: it does not offer HTTP/1.1 (no_application_protocol)");
        }
    }

    @Test
    void theDeadlineHoldsDuringTheHandshakeAndInsideTls() throws Exception {
        try (TestMerchant stalling = new TestMerchant(TestMerchant.Peer::listenForEver);
                TestMerchant trickling = new TestMerchant(listen(shop), peer -> {
                    peer.request();
                    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    peer.sayForEver("x", 20);
                });
                HttpSender sender = sender(8_000)) {
            var stalled = sender.send(request(url("shop.example", stalling))).toCompletableFuture();
            Result trickled = send(sender, url("shop.example", trickling));
            assertThat(stalled.get().outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(stalled.get().error())
                    .isEqualTo("no complete response within 8s: the TLS handshake had not finished");
            assertThat(trickled.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(trickled.error())
                    .isEqualTo(
                            "no complete response within 8s: the response head was received, but not the whole body");
            await().until(() -> stalling.openConnections() + trickling.openConnections() == 0);
        }
    }

    @Test
    void throughAProxyTheCertificateMustStillBeTheHosts() throws Exception {
        try (TestMerchant merchant = new TestMerchant(listen(shop), HttpSenderTlsTest::answerAll);
                ServerSocket proxy = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            Tunnels tunnels = new Tunnels(proxy);
            HttpSenderSettings through = new HttpSenderSettings(
                    "1", Duration.ofSeconds(120), 10, 10, new HttpProxy("127.0.0.1", proxy.getLocalPort()));
            try (HttpSender sender = new HttpSender(
                    through,
                    KEYS,
                    new SigningDialects(KEYS),
                    new EgressGuard(AllowedTargets.parse("127.0.0.0/8")),
                    host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                    trust)) {
                Result result = send(sender, url("shop.example", merchant));
                assertThat(result.outcome()).as(result.error()).isEqualTo(Outcome.ACKNOWLEDGED);
                assertThat(send(sender, url("evil.example", merchant)).outcome())
                        .isEqualTo(Outcome.UNREACHABLE);
            }
            assertThat(tunnels.asked()).hasSize(2).containsOnly("CONNECT 127.0.0.1:" + merchant.port() + " HTTP/1.1");
        }
    }
}
