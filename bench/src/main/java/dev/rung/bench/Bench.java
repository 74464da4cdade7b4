package dev.rung.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What all scenarios share: the server under test, the merchants, and methods that load the server and observe the
 * merchants.
 */
final class Bench implements AutoCloseable {
    /** Payload size in bytes. */
    static final int PAYLOAD_BYTES = 1_024;

    /** Sequence numbers start here, so that all have the same length. */
    static final long SEQ_BASE = 1_000_000_000L;

    static final String API_KEY = "bench-key-of-no-worth-0123456789abcdef";
    /** 32 bytes that encrypt the secrets of short-lived test merchants. */
    private static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final String MERCHANTS = "/v1/merchants";

    private static final Pattern HEAP =
            Pattern.compile("(?m)^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*} ([0-9.Ee+]+)");

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"((?:mch|ep)_[^\"]+)\"");
    private static final String PADDING = "x".repeat(PAYLOAD_BYTES);

    private final Setup setup;
    private final BenchReport report;
    private final Sink sink = new Sink();
    private final AtomicLong names = new AtomicLong();
    private @Nullable ServerProcess server;

    /**
     * What to measure, and for how long.
     *
     * @param databaseUrl null: embedded
     * @param rabbitmqUri null: in-process
     * @param warmUp how long the server runs under load before measurements start
     * @param stored number of notifications in a full store
     */
    record Setup(
            @Nullable String databaseUrl,
            @Nullable String rabbitmqUri,
            Path directory,
            List<String> jvmOptions,
            Duration warmUp,
            Duration window,
            int stored) {
        boolean isEmbedded() {
            return databaseUrl == null;
        }

        /** Which store and queue the server uses. */
        String storeAndQueue() {
            if (databaseUrl == null) {
                return "embedded";
            }
            String store = databaseUrl.startsWith("jdbc:postgresql:") ? "PostgreSQL" : "MySQL or MariaDB";
            return rabbitmqUri == null ? store : store + " and RabbitMQ";
        }
    }

    /**
     * @param report takes the distributions of times
     */
    Bench(Setup setup, BenchReport report) throws IOException {
        this.setup = setup;
        this.report = report;
    }

    BenchReport report() {
        return report;
    }

    Setup setup() {
        return setup;
    }

    Sink sink() {
        return sink;
    }

    /** The server; started at the first call. */
    ServerProcess server() throws IOException {
        ServerProcess running = server;
        if (running == null) {
            running = startServer(List.of());
        }
        return running;
    }

    ServerProcess startServer(List<String> moreJvmOptions) throws IOException {
        return startServer(moreJvmOptions, List.of());
    }

    ServerProcess startServer(List<String> moreJvmOptions, List<String> moreArguments) throws IOException {
        List<String> arguments = new ArrayList<>(serverArguments());
        arguments.addAll(moreArguments);
        List<String> jvm = new ArrayList<>(setup.jvmOptions());
        jvm.addAll(moreJvmOptions);
        ServerProcess started = ServerProcess.start(
                jvm,
                arguments,
                Map.of("RUNG_MASTER_KEY", MASTER_KEY),
                setup.directory().resolve("server.log"));
        server = started;
        return started;
    }

    void stopServer() throws IOException {
        ServerProcess running = server;
        if (running != null) {
            running.close();
            server = null;
        }
    }

    private List<String> serverArguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                "0",
                "--allow-targets",
                "127.0.0.0/8",
                "--api-key",
                API_KEY,
                "--data-dir",
                dataDir().toString()));
        String database = setup.databaseUrl();
        if (database != null) {
            arguments.addAll(List.of("--database-url", database));
        }
        String broker = setup.rabbitmqUri();
        if (broker != null) {
            arguments.addAll(List.of("--rabbitmq-uri", broker));
        }
        return arguments;
    }

    Path dataDir() {
        return setup.directory().resolve("data");
    }

    BenchHttp wire(String method, String path) throws IOException {
        return new BenchHttp(server().address(), API_KEY, method, path);
    }

    /** Creates merchants with this behavior. {@code firstAddress} separates groups that must not share hosts. */
    List<String> merchants(int count, String behavior, int firstAddress) throws IOException {
        List<String> ids = new ArrayList<>();
        try (BenchHttp wire = wire("POST", MERCHANTS)) {
            for (int i = 0; i < count; i++) {
                ids.add(merchant(wire, ",\"notify_url\":\"" + sink.url(firstAddress + i, behavior) + "\""));
            }
        }
        return ids;
    }

    /** Creates a merchant with more members than its name. */
    String merchant(BenchHttp wire, String members) throws IOException {
        return create(wire, MERCHANTS, "{\"name\":\"bench " + names.incrementAndGet() + "\"" + members + "}");
    }

    /** Adds an endpoint for all event types. */
    void endpoint(BenchHttp wire, String merchant, String url) throws IOException {
        create(
                wire,
                MERCHANTS + "/" + merchant + "/endpoints",
                "{\"name\":\"bench " + names.incrementAndGet() + "\",\"url\":\"" + url + "\",\"events\":[\"*\"]}");
    }

    private static String create(BenchHttp wire, String path, String body) throws IOException {
        BenchHttp.Answer answer = wire.exchange(path, body.getBytes(StandardCharsets.UTF_8));
        Matcher id = ID.matcher(answer.body());
        if (answer.status() != 201 || !id.find()) {
            throw new IOException("the server did not create it: " + answer);
        }
        return id.group(1);
    }

    /** The heap that the server uses. */
    double heapMegabytes() throws IOException {
        try (BenchHttp wire = wire("GET", "/metrics")) {
            Matcher pools = HEAP.matcher(
                    wire.exchange("".getBytes(StandardCharsets.UTF_8)).body());
            double bytes = 0;
            while (pools.find()) {
                bytes += Double.parseDouble(pools.group(1));
            }
            return bytes / (1 << 20);
        }
    }

    /** A request for one notification with the number {@code seq}. */
    static String notification(String merchant, long seq, String more) {
        return "{\"merchant_id\":\"" + merchant + "\",\"event_type\":\"payment.succeeded\",\"order_no\":\"B" + seq
                + "\"" + more + ",\"payload\":" + payload(seq) + "}";
    }

    static String payload(long seq) {
        String start = "{\"seq\":" + (seq + SEQ_BASE) + ",\"padding\":\"";
        return start + PADDING.substring(start.length() + 2) + "\"}";
    }

    static byte[] batch(List<String> merchants, long from, int count, String more) {
        StringBuilder body = new StringBuilder("{\"notifications\":[");
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",")
                    .append(notification(
                            merchants.get((int) Math.floorMod(from + i, (long) merchants.size())), from + i, more));
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Posts this many notifications in batches of 500 over several connections. */
    void fill(List<String> merchants, long count, String more) throws IOException {
        try (BenchHttp wire = wire("POST", "/v1/notifications/batch")) {
            for (long from = 0; from < count; from += 500) {
                expect(200, wire.exchange(batch(merchants, from, (int) Math.min(500, count - from), more)));
            }
        }
    }

    static void expect(int status, BenchHttp.Answer answer) throws IOException {
        if (answer.status() != status || answer.body().contains("\"status\":4")) {
            throw new IOException("expected " + status + " and every item accepted, got " + answer.status() + " "
                    + answer.body().substring(0, Math.min(500, answer.body().length())));
        }
    }

    /** Polls until the condition holds; throws after the timeout. */
    static void await(String what, Duration atMost, BooleanSupplier done) {
        long until = System.nanoTime() + atMost.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("timed out after " + atMost.toSeconds() + " s: " + what);
            }
            pause(Duration.ofMillis(1));
        }
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** Runs a task in this many threads and waits until all have ended. */
    static void inParallel(int threads, IoTask task) {
        List<Thread> running = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < threads; i++) {
            int number = i;
            running.add(Thread.ofVirtual().start(() -> {
                try {
                    task.run(number);
                } catch (IOException | RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : running) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a producer failed: " + failures.getFirst(), failures.getFirst());
        }
    }

    /** The task of a producer. */
    interface IoTask {
        void run(int number) throws IOException;
    }

    static String at(Instant time) {
        return ",\"deliver_at\":\"" + time.truncatedTo(ChronoUnit.MILLIS) + "\"";
    }

    @Override
    public void close() throws IOException {
        stopServer();
        sink.close();
    }
}
