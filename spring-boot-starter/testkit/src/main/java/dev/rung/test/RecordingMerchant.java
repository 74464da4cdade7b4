package dev.rung.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.client.Merchant;
import dev.rung.client.MerchantFields;
import dev.rung.client.RungClient;
import dev.rung.client.WebhookRejectedException;
import dev.rung.client.WebhookVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A merchant of a server, and its receiver, which verifies and records what arrives. Thread-safe. */
public final class RecordingMerchant implements AutoCloseable {
    private final HttpServer http;
    private final Merchant merchant;
    private final WebhookVerifier verifier;
    private final List<Received> received = new ArrayList<>();
    private int failures;

    /**
     * A request with a valid signature.
     *
     * @param id of the notification
     * @param status of the response
     */
    public record Received(String id, @Nullable String eventType, int attempt, int status, String body) {}

    /** Creates a merchant whose notifications come here. */
    public RecordingMerchant(RungClient rung, MerchantFields fields) {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        merchant = rung.createMerchant(fields.withNotifyUrl(url()));
        String key = merchant.signingSecret() != null ? merchant.signingSecret() : merchant.publicKey();
        verifier = new WebhookVerifier(String.valueOf(key));
        http.createContext("/", this::receive);
        http.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "recording-merchant");
            thread.setDaemon(true);
            return thread;
        }));
        http.start();
    }

    public String id() {
        return merchant.id();
    }

    /** {@code whsec_…} */
    public String signingSecret() {
        return String.valueOf(merchant.signingSecret());
    }

    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
    }

    /** Responds 500 to the next requests. */
    public synchronized void failNext(int requests) {
        failures = requests;
    }

    /** All requests so far, in the order in which they came. */
    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** Forgets what was received. */
    public synchronized void clear() {
        received.clear();
    }

    /**
     * Waits for a number of requests.
     *
     * @throws AssertionError if they do not come in time
     */
    public synchronized List<Received> await(int requests, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (received.size() < requests) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("expected " + requests + " requests, received " + received);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        return List.copyOf(received);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = status(exchange, body);
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private synchronized int status(HttpExchange exchange, byte[] body) {
        String id;
        try {
            id = verifier.verify(exchange.getRequestHeaders()::getFirst, body).id();
        } catch (WebhookRejectedException e) {
            return 401;
        }
        int status = failures > 0 ? 500 : 200;
        failures = Math.max(0, failures - 1);
        received.add(new Received(
                id,
                exchange.getRequestHeaders().getFirst("rung-event-type"),
                Integer.parseInt(exchange.getRequestHeaders().getFirst("rung-attempt")),
                status,
                new String(body, StandardCharsets.UTF_8)));
        notifyAll();
        return status;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
