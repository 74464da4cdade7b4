package example.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.Ladder;
import dev.rung.client.Merchant;
import dev.rung.client.MerchantFields;
import dev.rung.client.NewNotification;
import dev.rung.client.RungClient;
import dev.rung.test.RungExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each receiver whose runtime is installed, with its official library and a real server. */
class ReceiversIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final Path SOURCES = Path.of(System.getProperty("receivers"));
    private static final Path WORK = Path.of(System.getProperty("receivers.work"));

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    /** A receiver, and how it is prepared and started as its README says. */
    enum Language {
        PYTHON(
                "python3",
                "python3 -m venv venv && venv/bin/pip -q install -r requirements.txt",
                "venv/bin/python receiver.py"),
        NODE("npm", "npm ci --silent", "node receiver.mjs"),
        GO("go", "go build -o receiver .", "./receiver");

        private final String runtime;
        private final String preparation;
        private final String start;

        Language(String runtime, String preparation, String start) {
            this.runtime = runtime;
            this.preparation = preparation;
            this.start = start;
        }

        boolean isInstalled() {
            return Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, runtime)));
        }
    }

    static Stream<Language> installed() {
        return Arrays.stream(Language.values()).filter(Language::isInstalled);
    }

    private static Path prepare(Language language) throws Exception {
        String name = language.name().toLowerCase(Locale.ROOT);
        Path folder = Files.createDirectories(WORK.resolve(name));
        try (Stream<Path> sources = Files.list(SOURCES.resolve(name))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(source.getFileName());
                Files.deleteIfExists(target);
                Files.copy(source, target);
            }
        }
        Path log = folder.resolve("preparation.log");
        Process preparation = new ProcessBuilder("sh", "-c", language.preparation)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(preparation.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(preparation.exitValue()).as(Files.readString(log)).isZero();
        return folder;
    }

    @ParameterizedTest
    @MethodSource("installed")
    void verifiesAndHandlesEachOnce(Language language) throws Exception {
        Path folder = prepare(language);
        Files.deleteIfExists(folder.resolve("webhooks.db"));
        int port = freePort();
        RungClient rung = RUNG.server().client();
        Merchant merchant = rung.createMerchant(MerchantFields.named(language.name())
                .withNotifyUrl("http://127.0.0.1:" + port + "/")
                .withLadder(Ladder.of(Duration.ofSeconds(1), Duration.ofSeconds(1))));
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + language.start)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("PORT", "" + port);
        builder.environment().put("RUNG_WEBHOOK_SECRET", String.valueOf(merchant.signingSecret()));
        Process receiver = builder.start();
        try {
            List<String> lines = lines(receiver);
            await().atMost(AT_MOST).until(() -> lines.contains("listening at " + port));

            String id = rung.send(NewNotification.to(merchant.id(), "{\"subject\":\"两杯茶\"}"))
                    .notification()
                    .id();
            await().atMost(AT_MOST)
                    .until(() -> !rung.notification(id).attempts().isEmpty());
            rung.resend(id);
            await().atMost(AT_MOST).until(() -> rung.notification(id).attempts().size() == 2);
            assertThat(rung.notification(id).attempts()).allSatisfy(attempt -> {
                assertThat(attempt.httpStatus()).isEqualTo(200);
                assertThat(attempt.responseBody()).isEqualTo("success");
            });
            assertThat(lines.stream().filter(line -> line.startsWith("handled ")))
                    .singleElement()
                    .asString()
                    .contains("两杯茶");
            assertThat(forged(port)).isEqualTo(401);
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }

    private static int forged(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("webhook-id", "ntf_1")
                .header("webhook-timestamp", "" + System.currentTimeMillis() / 1_000)
                .header("webhook-signature", "v1,AAAA")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static List<String> lines(Process process) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                out.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // it has ended
            }
        });
        return lines;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
