package dev.rung.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.cli.SignatureCheck.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A merchant's end on this machine: takes every POST, checks it, answers as it was told to, and tells of it. Thread-safe. */
final class Receiver implements AutoCloseable {
    private static final int NOTIFICATIONS_REMEMBERED = 100_000;
    private static final int BODY_MAX = 1 << 20;

    private final Misbehavior misbehavior;
    private final Supplier<SignatureCheck> check;
    private final Consumer<Receipt> teller;
    private final HttpServer server;
    private final Map<String, Seen> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > NOTIFICATIONS_REMEMBERED;
        }
    };

    /**
     * How it answers.
     *
     * @param fail the first so many requests of each notification get 500
     * @param delay how long an answer takes
     * @param status what the others get
     */
    record Misbehavior(int fail, Duration delay, int status) {}

    /** What is known of a notification: how many requests came, and whether one was answered with a success. */
    private record Seen(int requests, boolean acknowledged) {}

    /**
     * One request and what became of it.
     *
     * @param failing which of the failures asked for this was, from 1; 0 for none
     * @param repeat a request of this notification was answered with a success before
     */
    @SuppressWarnings("ArrayRecordComponent") // printed once, compared by nobody
    record Receipt(
            Instant at,
            @Nullable String eventType,
            @Nullable String id,
            @Nullable String attempt,
            Verdict verdict,
            int status,
            int failing,
            boolean repeat,
            byte[] body) {}

    /** Listens from now on. */
    Receiver(int port, Misbehavior misbehavior, Supplier<SignatureCheck> check, Consumer<Receipt> teller)
            throws IOException {
        this.misbehavior = misbehavior;
        this.check = check;
        this.teller = teller;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Instant at = Instant.now();
            byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX);
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "Rung listens here for POST requests.\n");
                return;
            }
            Receipt receipt = receipt(exchange, at, body);
            teller.accept(receipt);
            if (!misbehavior.delay().isZero()) {
                Thread.sleep(misbehavior.delay());
            }
            answer(exchange, receipt.status(), receipt.status() / 100 == 2 ? "success" : "failing as asked\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Receipt receipt(HttpExchange exchange, Instant at, byte[] body) {
        var headers = exchange.getRequestHeaders();
        String id = headers.getFirst("webhook-id");
        Verdict verdict = check.get()
                .check(
                        new SignatureCheck.Request(
                                id,
                                headers.getFirst("webhook-timestamp"),
                                headers.getFirst("webhook-signature"),
                                headers.getFirst("content-type"),
                                body),
                        at);
        synchronized (seen) {
            String key = id == null ? "" : id;
            Seen before = seen.getOrDefault(key, new Seen(0, false));
            int failing = before.requests() < misbehavior.fail() ? before.requests() + 1 : 0;
            int status = failing > 0 ? 500 : misbehavior.status();
            seen.put(key, new Seen(before.requests() + 1, before.acknowledged() || status / 100 == 2));
            return new Receipt(
                    at,
                    headers.getFirst("rung-event-type"),
                    id,
                    headers.getFirst("rung-attempt"),
                    verdict,
                    status,
                    failing,
                    before.acknowledged() && id != null,
                    body);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        boolean bodiless = status == 204 || status == 304;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
        if (!bodiless) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
