package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    @Test
    void aCertificateAndItsKeyMakeTheServerSpeakTls() throws Exception {
        KeyStore keys = selfSigned();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Map<Setting, String> tls = Map.of(Setting.TLS_CERT, certificate.toString(), Setting.TLS_KEY, key.toString());
        try (Server server = Server.start(ServerFixture.settings(folder.resolve("data"), tls));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
            assertThat(server.address().getScheme()).isEqualTo("https");
            HttpResponse<String> ready = http.send(
                    HttpRequest.newBuilder(server.address().resolve("/ready")).build(), BodyHandlers.ofString());
            assertThat(ready.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void filesThatCannotBeUsedStopTheStartByName() throws Exception {
        KeyStore keys = selfSigned();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path another = pem("PRIVATE KEY", anotherKey(), "another.pem");

        assertThat(whyNot(empty, key))
                .isEqualTo("--tls-cert: " + empty + " is not readable as a certificate chain in PEM");
        assertThat(whyNot(certificate, empty))
                .isEqualTo("--tls-key: " + empty + " is not readable as a private key in PEM (PKCS#8)");
        assertThat(whyNot(certificate, another))
                .isEqualTo("--tls-key: " + another + " is not the key of the first certificate in " + certificate);
    }

    @Test
    void aServerCanSpeakToItselfThoughNoOneElseTrustsItsCertificate() throws Exception {
        KeyStore keys = selfSigned();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Map<Setting, String> tls = Map.of(Setting.TLS_CERT, certificate.toString(), Setting.TLS_KEY, key.toString());
        try (Server server = Server.start(ServerFixture.settings(folder.resolve("data"), tls));
                GatewayClient itself = new GatewayClient(null, SelfTrustingTls.trusting(certificate));
                GatewayClient anyone = new GatewayClient(null)) {
            // By a name that is not in the certificate.
            URI ready = URI.create("https://localhost:" + server.address().getPort() + "/ready");
            HttpRequest request = HttpRequest.newBuilder(ready).build();
            assertThat(itself.send(request, Deadline.in(GatewayClient.CALL)))
                    .isInstanceOfSatisfying(
                            GatewayClient.Reply.Answer.class,
                            answer -> assertThat(answer.status()).isEqualTo(200));
            assertThat(anyone.send(request, Deadline.in(GatewayClient.CALL)))
                    .isInstanceOfSatisfying(
                            GatewayClient.Reply.None.class,
                            none -> assertThat(none.reason()).startsWith("TLS with the gateway failed"));
        }
    }

    @Test
    void theCertificateIsReplacedWithoutARestart() throws Exception {
        KeyStore first = selfSigned();
        KeyStore second = selfSigned("second.p12");
        Path certificate = pem("CERTIFICATE", first.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", first.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Map<Setting, String> tls = Map.of(Setting.TLS_CERT, certificate.toString(), Setting.TLS_KEY, key.toString());
        try (Server server = Server.start(ServerFixture.settings(folder.resolve("data"), tls));
                GatewayClient itself = new GatewayClient(null, SelfTrustingTls.trusting(certificate))) {
            assertThat(presented(server)).isEqualTo(first.getCertificate("a"));

            Files.writeString(certificate, "torn");
            server.reloadTls();
            assertThat(presented(server)).isEqualTo(first.getCertificate("a"));

            pem("CERTIFICATE", second.getCertificate("a").getEncoded());
            pem("PRIVATE KEY", second.getKey("a", PASSWORD.toCharArray()).getEncoded());
            server.reloadTls();
            assertThat(presented(server)).isEqualTo(second.getCertificate("a"));
            HttpRequest request =
                    HttpRequest.newBuilder(server.address().resolve("/ready")).build();
            assertThat(itself.send(request, Deadline.in(GatewayClient.CALL)))
                    .isInstanceOf(GatewayClient.Reply.Answer.class);
        }
    }

    @Test
    void tlsIsStrict() throws Exception {
        KeyStore keys = selfSigned();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Map<Setting, String> tls = Map.of(Setting.TLS_CERT, certificate.toString(), Setting.TLS_KEY, key.toString());
        try (Server server = Server.start(ServerFixture.settings(folder.resolve("data"), tls));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
            HttpResponse<String> ready = http.send(
                    HttpRequest.newBuilder(server.address().resolve("/ready")).build(), BodyHandlers.ofString());
            assertThat(ready.headers().firstValue("strict-transport-security")).contains("max-age=31536000");
            try (SSLSocket socket = (SSLSocket) trusting(keys)
                    .getSocketFactory()
                    .createSocket("127.0.0.1", server.address().getPort())) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(Stream.of(socket.getSupportedCipherSuites())
                        .filter(suite -> suite.contains("_CBC_"))
                        .toArray(String[]::new));
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
        }
    }

    private static Certificate presented(Server server) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", server.address().getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Trusts every certificate. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private KeyStore selfSigned() throws Exception {
        return selfSigned("keys.p12");
    }

    private KeyStore selfSigned(String name) throws Exception {
        Path file = folder.resolve(name);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private @Nullable String whyNot(Path certificate, Path key) {
        Map<Setting, String> tls = Map.of(Setting.TLS_CERT, certificate.toString(), Setting.TLS_KEY, key.toString());
        try (Server _ = Server.start(ServerFixture.settings(folder.resolve("data"), tls))) {
            return null;
        } catch (StartupException e) {
            return e.getMessage();
        }
    }

    private static byte[] anotherKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair().getPrivate().getEncoded();
    }

    private Path pem(String kind, byte[] der) throws Exception {
        return pem(kind, der, kind.replace(' ', '-') + ".pem");
    }

    private Path pem(String kind, byte[] der, String name) throws Exception {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
        return Files.writeString(folder.resolve(name), text);
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
