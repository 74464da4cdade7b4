package dev.rung.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time from a payment or refund request to its answer: with a prompt bank, while payments and refunds settle and
 * merchants are notified; and with a hanging channel.
 */
final class SynchronousReturnScenario implements Scenario {
    private static final int CALLERS = 8;
    private static final int RATE = 200;
    private static final int WARM_UP = 4_000;
    private static final int SAMPLES = 4_000;
    private static final int HANGING_SAMPLES = 64;
    private static final String PROMPT =
            "\"channel\":\"simulator\",\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"1s\"}";
    private static final String HANGING = "\"channel\":\"alipay\"";

    private static final Pattern ID = Pattern.compile("\"id\":\"(\\w+)\"");
    /** Every payment is paid after this time. */
    private static final Duration PAID_WITHIN = Duration.ofSeconds(5);

    private final AtomicInteger numbers = new AtomicInteger();

    @Override
    public String name() {
        return "payments";
    }

    @Override
    public String what() {
        return "payment request → answer, " + RATE + "/s from " + CALLERS
                + " callers, every payment is paid a second later, " + SAMPLES
                + " samples; then their refunds; then payments with a gateway that never answers";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        bench.stopServer();
        try (SilentGateway gateway = new SilentGateway()) {
            bench.startServer(List.of(), gateway.settings(bench.setup().directory()));
            String merchant = bench.merchants(1, "ok", 0).getFirst();
            // Every run starts its own server, and a cold one is slow.
            pay(bench, merchant, PROMPT, "paying", WARM_UP);
            List<Sample> prompt = pay(bench, merchant, PROMPT, "paying", SAMPLES);
            Bench.pause(PAID_WITHIN);
            List<Sample> refunds = refund(bench, prompt);
            List<Sample> hanging = pay(bench, merchant, HANGING, "created", HANGING_SAMPLES);
            return List.of(
                    figure("prompt bank, p50", prompt, 0.5),
                    figure("prompt bank, p99", prompt, 0.99),
                    figure("refunds, p50", refunds, 0.5),
                    figure("refunds, p99", refunds, 0.99),
                    figure("hanging gateway, p50", hanging, 0.5),
                    figure("hanging gateway, p99", hanging, 0.99));
        } finally {
            bench.stopServer(); // the other scenarios have no hanging channel
        }
    }

    private static Figure figure(String name, List<Sample> samples, double part) {
        return new Figure(name, Figures.millis(samples.stream().mapToLong(Sample::nanos), part), "ms");
    }

    /**
     * A request that was answered.
     *
     * @param id of the payment or refund
     */
    private record Sample(String id, long nanos) {}

    /** Makes the request with this number. */
    @FunctionalInterface
    private interface Call {
        BenchHttp.Answer make(BenchHttp wire, int number) throws IOException;
    }

    private List<Sample> pay(Bench bench, String merchant, String channel, String state, int samples) {
        return measure(bench, samples, state, (wire, number) -> wire.exchange(request(merchant, channel)));
    }

    /** Refunds a part of each payment. */
    private static List<Sample> refund(Bench bench, List<Sample> payments) {
        return measure(bench, payments.size(), "processing", (wire, number) -> {
            String payment = payments.get(number).id();
            String body = "{\"out_refund_no\":\"R" + payment + "\",\"amount\":{\"value\":100,\"currency\":\"CNY\"}}";
            return wire.exchange("/v1/payments/" + payment + "/refunds", body.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static List<Sample> measure(Bench bench, int samples, String state, Call call) {
        Queue<Sample> took = new ConcurrentLinkedQueue<>();
        AtomicInteger sent = new AtomicInteger();
        long begun = System.nanoTime();
        Bench.inParallel(CALLERS, number -> {
            try (BenchHttp wire = bench.wire("POST", "/v1/payments")) {
                for (int i = sent.getAndIncrement(); i < samples; i = sent.getAndIncrement()) {
                    Duration due = Duration.ofNanos(begun - System.nanoTime() + i * (1_000_000_000L / RATE));
                    if (due.isPositive()) {
                        Bench.pause(due);
                    }
                    long at = System.nanoTime();
                    BenchHttp.Answer answer = call.make(wire, i);
                    long nanos = System.nanoTime() - at;
                    Bench.expect(201, answer);
                    Matcher id = ID.matcher(answer.body());
                    if (!id.find() || !answer.body().contains("\"state\":\"" + state + "\"")) {
                        throw new IOException("expected an answer with state " + state + ", got " + answer.body());
                    }
                    took.add(new Sample(id.group(1), nanos));
                }
            }
        });
        return List.copyOf(took);
    }

    private byte[] request(String merchant, String channel) {
        return ("{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"B" + numbers.incrementAndGet()
                        + "\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"two teas\",\"expires_in\":\"15m\","
                        + channel + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A failing Alipay gateway: accepts connections and never answers. */
    private static final class SilentGateway implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1_000, InetAddress.ofLiteral("127.0.0.1"));
        private final Queue<Socket> callers = new ConcurrentLinkedQueue<>();

        SilentGateway() throws IOException {
            Thread.ofVirtual().start(this::take);
        }

        private void take() {
            while (!socket.isClosed()) {
                try {
                    callers.add(socket.accept());
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        List<String> settings(Path directory) throws IOException {
            KeyPair keys = keys();
            return List.of(
                    "--alipay-gateway",
                    "http://127.0.0.1:" + socket.getLocalPort() + "/gateway.do",
                    "--alipay-app-id",
                    "2021000000000000",
                    "--alipay-private-key-file",
                    file(directory.resolve("alipay-private"), keys.getPrivate().getEncoded()),
                    "--alipay-public-key-file",
                    file(directory.resolve("alipay-public"), keys.getPublic().getEncoded()));
        }

        private static KeyPair keys() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has RSA", e);
            }
        }

        private static String file(Path file, byte[] key) throws IOException {
            return Files.writeString(file, Base64.getEncoder().encodeToString(key))
                    .toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket caller : callers) {
                caller.close();
            }
        }
    }
}
