package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rung.cli.Cli.Run;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path folder;

    private Cli cli;
    private DataDir dir;

    @BeforeEach
    void start() {
        cli = new Cli(folder);
        cli.environment.put("RUNG_PORT", "0");
        dir = new DataDir(folder.resolve("d"));
        cli.environment.put("RUNG_DATA_DIR", dir.path().toString());
    }

    @Test
    void aFreshMachineIsWell() {
        Run run = cli.run("doctor");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("is created at the first start", "No problems found.")
                .doesNotContain("WRONG");
        assertThat(dir.path()).doesNotExist();
    }

    @Test
    void wrongSettingsAreFindings() {
        cli.environment.put("RUNG_PORT", "eighty");

        Run run = cli.run("doctor");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("WRONG  settings    --port", "1 problem found.");
    }

    @Test
    void anAccountThatTheChannelRefusesIsFound() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] refusal = "{\"error_response\":{\"code\":\"40002\",\"sub_code\":\"isv.invalid-app-id\"}}"
                .getBytes(StandardCharsets.UTF_8);
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, refusal.length);
                exchange.getResponseBody().write(refusal);
            }
        });
        gateway.start();
        try {
            cli.environment.put("RUNG_ALIPAY_APP_ID", "2021000000000001");
            cli.environment.put(
                    "RUNG_ALIPAY_PRIVATE_KEY_FILE",
                    base64("app", generator.generateKeyPair().getPrivate()));
            cli.environment.put(
                    "RUNG_ALIPAY_PUBLIC_KEY_FILE",
                    base64("alipay", generator.generateKeyPair().getPublic()));
            cli.environment.put(
                    "RUNG_ALIPAY_GATEWAY",
                    "http://127.0.0.1:" + gateway.getAddress().getPort());

            Run run = cli.run("doctor");

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).contains("WRONG  channels    alipay: app_id is not an app of this gateway");
            assertThat(dir.path()).doesNotExist();
        } finally {
            gateway.stop(0);
        }
    }

    private String base64(String name, Key key) throws IOException {
        Path file = Files.writeString(folder.resolve(name), Base64.getEncoder().encodeToString(key.getEncoded()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    @Test
    void aPortThatSomethingElseHasIsFound() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            cli.environment.put("RUNG_PORT", "" + socket.getLocalPort());
            assertThat(cli.run("doctor").out()).contains("WRONG  port        127.0.0.1:" + socket.getLocalPort());

            new RunningServer(
                            URI.create("http://127.0.0.1:" + socket.getLocalPort()),
                            ProcessHandle.current().pid())
                    .write(dir);
            assertThat(cli.run("doctor").out())
                    .contains("is in use by the server of this data dir")
                    .doesNotContain("WRONG");
        }
    }

    @Test
    void whoHoldsTheDataDirIsSaid() throws IOException {
        dir.create();
        assertThat(cli.run("doctor").out()).contains(dir.path() + ", not in use");

        try (FileChannel channel = FileChannel.open(dir.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(cli.run("doctor").out()).contains("in use by a server that is starting");
        }
        new RunningServer(
                        URI.create("http://127.0.0.1:1"),
                        ProcessHandle.current().pid())
                .write(dir);
        assertThat(cli.run("doctor").out()).contains("in use by the server at http://127.0.0.1:1");
    }

    @Test
    void aKeyThatOthersCanReadIsFound() throws IOException {
        dir.create();
        Files.writeString(dir.apiKey(), "very-secret");
        Files.setPosixFilePermissions(dir.apiKey(), PosixFilePermissions.fromString("rw-r--r--"));

        Run run = cli.run("doctor");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("chmod 600 " + dir.apiKey()).doesNotContain("very-secret");
    }

    @Test
    void secretsThatAnyoneCanReadAreFound(@TempDir Path elsewhere) throws IOException {
        dir.create();
        Path settings = elsewhere.resolve("rung.yaml");
        Path tlsKey = folder.resolve("tls.key");
        Path masterKey = folder.resolve("master");
        Path certificate = folder.resolve("tls.crt");
        Files.writeString(settings, "api-key: an-operator-key-of-32-characters-x\n");
        Files.writeString(tlsKey, "very-secret");
        Files.writeString(certificate, "public");
        Files.writeString(masterKey, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        Files.writeString(dir.database(), "");
        for (Path file : List.of(settings, tlsKey, certificate, masterKey, dir.database())) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        cli.environment.put("RUNG_CONFIG", settings.toString());
        cli.environment.put("RUNG_TLS_KEY", tlsKey.toString());
        cli.environment.put("RUNG_TLS_CERT", certificate.toString());
        cli.environment.put("RUNG_MASTER_KEY_FILE", masterKey.toString());

        assertThat(cli.run("doctor").out())
                .contains(
                        "chmod 600 " + settings,
                        "chmod 600 " + tlsKey,
                        "chmod 600 " + masterKey,
                        "chmod 600 " + dir.database())
                .doesNotContain("chmod 600 " + certificate);
    }

    @Test
    void theProviderOfSignInsIsAsked() throws IOException {
        cli.environment.put("RUNG_OIDC_CLIENT_ID", "rung");
        cli.environment.put("RUNG_OIDC_VIEWERS", "staff");
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        String issuer = "http://127.0.0.1:" + provider.getAddress().getPort();
        AtomicReference<String> named = new AtomicReference<>(issuer);
        provider.createContext("/.well-known/openid-configuration", exchange -> {
            byte[] body = ("{\"issuer\":\"" + named.get() + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.start();
        try {
            cli.environment.put("RUNG_OIDC_ISSUER", issuer + "/");
            assertThat(cli.run("doctor").out())
                    .contains("the provider " + issuer + " answers")
                    .doesNotContain("WRONG");
            named.set("https://id.example");
            assertThat(cli.run("doctor").out()).contains("the provider's issuer is \"https://id.example\"");
            cli.environment.put("RUNG_OIDC_ISSUER", issuer + "/tenant");
            assertThat(cli.run("doctor").out()).contains("answers with status 404");
        } finally {
            provider.stop(0);
        }
        assertThat(cli.run("doctor").out())
                .contains("note   sign-in     no answer from")
                .doesNotContain("WRONG");
    }

    @Test
    void aDataDirThatCannotBeMadeIsFound() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        cli.environment.put("RUNG_DATA_DIR", file.resolve("d").toString());

        assertThat(cli.run("doctor").out()).contains("cannot be created by this user");
    }

    @Test
    void aDoorToTheCloudsCredentialsIsPointedAt() {
        Run run = cli.run("doctor", "--allow-targets", "169.254.0.0/16");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("note   targets     merchants' URLs may reach 169.254.169.254");
    }

    @Test
    void aDatabaseThatIsNotThereIsFoundAndNoPasswordIsShown() {
        cli.environment.put("RUNG_API_KEY", "hunter2hunter2hunter2hunter2hunter2");
        cli.environment.put("RUNG_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        cli.environment.put("RUNG_DATABASE_PASSWORD", "hunter2");

        Run run = cli.run("doctor", "--json", "--database-url", "jdbc:postgresql://127.0.0.1:1/rung?password=hunter2");

        assertThat(run.out())
                .contains("\"level\":\"wrong\",\"subject\":\"database\"", "jdbc:postgresql://127.0.0.1:1/rung")
                .doesNotContain("hunter2");
    }
}
