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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An HTTP server that receives webhooks, verifies them, responds as configured and reports each request. Thread-safe. */
final class WebhookReceiver implements AutoCloseable {
    private static final int NOTIFICATIONS_REMEMBERED = 100_000;
    private static final int BODY_MAX = 1 << 20;

    private final Misbehavior misbehavior;
    private final Supplier<SignatureCheck> check;
    private final Consumer<Receipt> listener;
    private final HttpServer server;
    private final Map<String, Seen> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > NOTIFICATIONS_REMEMBERED;
        }
    };

    /**
     * How it responds.
     *
     * @param fail number of first requests of each notification that get 500
     * @param delay before each response
     * @param status of all other responses
     */
    record Misbehavior(int fail, Duration delay, int status) {}

    /** Requests of a notification so far, and whether one was acknowledged. */
    private record Seen(int requests, boolean acknowledged) {}

    /**
     * A received request.
     *
     * @param failing number of the simulated failure, from 1; 0 if it is none
     * @param repeat whether the notification was acknowledged before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Receipt(
            Instant at,
            @Nullable String eventType,
            @Nullable String id,
            @Nullable String attempt,
            Verdict verdict,
            int status,
            int failing,
            boolean repeat,
            Map<String, List<String>> headers,
            byte[] body) {}

    /** Starts to listen. */
    WebhookReceiver(int port, Misbehavior misbehavior, Supplier<SignatureCheck> check, Consumer<Receipt> listener)
            throws IOException {
        this.misbehavior = misbehavior;
        this.check = check;
        this.listener = listener;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        server.createContext("/", this::receive);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            Instant at = Instant.now();
            byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX);
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "Only POST requests are accepted.\n");
                return;
            }
            Receipt receipt = receipt(exchange, at, body);
            listener.accept(receipt);
            if (!misbehavior.delay().isZero()) {
                Thread.sleep(misbehavior.delay());
            }
            answer(exchange, receipt.status(), receipt.status() / 100 == 2 ? "success" : "simulated failure\n");
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
                    Map.copyOf(headers),
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
