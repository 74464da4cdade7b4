package dev.rung.server.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A merchant that records every request and answers as configured. Thread-safe. */
final class RecordingMerchant implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, List<Seen>> seen = new ConcurrentHashMap<>();
    private final MerchantBehavior behavior;

    /**
     * A received request.
     *
     * @param attempt its {@code rung-attempt} header
     * @param status the answer
     */
    record Seen(int attempt, int status, long atNanos) {}

    /** Determines the answers. */
    interface MerchantBehavior {
        /** The status to answer with. May block. */
        int status(String id, int attempt) throws InterruptedException;
    }

    RecordingMerchant(MerchantBehavior behavior) {
        this.behavior = behavior;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::take);
        server.start();
    }

    /** Acknowledges every request. */
    static RecordingMerchant acknowledging() {
        return new RecordingMerchant((id, attempt) -> 200);
    }

    /** Acknowledges every request after this delay. */
    static RecordingMerchant slow(Duration delay) {
        return new RecordingMerchant((id, attempt) -> {
            Thread.sleep(delay);
            return 200;
        });
    }

    /** Fails the first attempt of every fourth notification, and the first two of every eighth. */
    static RecordingMerchant failingSometimes() {
        return new RecordingMerchant((id, attempt) -> {
            int kind = Math.floorMod(id.hashCode(), 8);
            int failing = kind == 0 ? 2 : kind == 4 ? 1 : 0;
            return attempt <= failing ? 500 : 200;
        });
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            int attempt = Integer.parseInt(exchange.getRequestHeaders().getFirst("rung-attempt"));
            int status = behavior.status(id, attempt);
            seen.computeIfAbsent(id, k -> new CopyOnWriteArrayList<>())
                    .add(new Seen(attempt, status, System.nanoTime()));
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
    }

    /** The requests for this notification, in order. */
    List<Seen> of(String id) {
        return seen.getOrDefault(id, List.of());
    }

    /** The times between consecutive requests of the same notification, by a monotonic clock. */
    List<Duration> waits() {
        List<Duration> waits = new ArrayList<>();
        for (List<Seen> requests : seen.values()) {
            for (int i = 1; i < requests.size(); i++) {
                waits.add(Duration.ofNanos(
                        requests.get(i).atNanos() - requests.get(i - 1).atNanos()));
            }
        }
        return waits;
    }

    boolean acknowledged(String id) {
        return of(id).stream().anyMatch(s -> s.status() == 200);
    }

    int notifications() {
        return seen.size();
    }

    int requests() {
        return seen.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
