package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends a signed test request to the channel of each account in the settings. Simulated banks exist only within a running server. */
final class ChannelsCheck implements Check {
    private final Settings settings;

    ChannelsCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("channels");
        for (Settings.Payments.Channel channel : settings.payments().channels()) {
            if (!channel.type().existsOnLoopback()) {
                check(report, channel);
            }
        }
        return report.results();
    }

    private void check(CheckResult.Report report, Settings.Payments.Channel channel) {
        String name = channel.account().name();
        try {
            Path folder = Files.createTempDirectory("rung-doctor");
            try {
                List<String> problems = problems(channel, folder);
                problems.forEach(problem -> report.wrong(name + ": " + problem, "correct the account " + name));
                if (problems.isEmpty()) {
                    report.ok(name + " answers");
                }
            } finally {
                delete(folder);
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            report.note(
                    name + " cannot be checked: " + e.getMessage(),
                    "check it when the server runs: POST /v1/channels/" + name + "/check");
        }
    }

    private List<String> problems(Settings.Payments.Channel channel, Path folder) {
        PaymentChannel opened = channel.type()
                .open(channel.account(), new WithoutServer(settings.egress().proxy(), folder));
        try {
            return opened.check();
        } finally {
            opened.close();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** What an account has without a server: nothing that a check needs is missing. */
    private record WithoutServer(@Nullable HttpProxy httpProxy, Path folder) implements ChannelContext {
        private static IllegalStateException missing() {
            return new IllegalStateException("it needs a running server");
        }

        @Override
        public URI callbackUrl() {
            throw missing();
        }

        @Override
        public URI hostedUrl() {
            throw missing();
        }

        @Override
        public URI hostedUrlFromHere() {
            throw missing();
        }

        @Override
        public InstantSource clock() {
            return Instant::now;
        }

        @Override
        public RandomGenerator random() {
            return new SecureRandom();
        }

        @Override
        public Optional<Proxy> proxy() {
            return Optional.ofNullable(httpProxy)
                    .map(proxy -> new Proxy(proxy.host(), proxy.port(), proxy.authorization()));
        }

        @Override
        public SSLContext tls() {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("the JDK has no TLS", e);
            }
        }

        @Override
        public String secret(String name, Supplier<String> make) {
            throw missing();
        }

        @Override
        public <T> T service(Class<T> type) {
            throw missing();
        }
    }
}
