package dev.rung.torture;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A merchant that answers 500 to the first request of each notification and 200 to every later one, and records all of them. */
final class MerchantEndpoint implements AutoCloseable {
    private static final int OK = 200;
    private static final int ERROR = 500;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Queue<Received>> requests = new ConcurrentHashMap<>();

    /**
     * A request.
     *
     * @param at epoch milliseconds
     * @param attempt the header {@code rung-attempt}
     */
    record Received(long at, int attempt, int status) {}

    MerchantEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            long at = System.currentTimeMillis();
            exchange.getRequestBody().readAllBytes();
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String attempt = exchange.getRequestHeaders().getFirst("rung-attempt");
            if (id == null || attempt == null) {
                exchange.sendResponseHeaders(ERROR, -1);
                return;
            }
            Queue<Received> all = requests.computeIfAbsent(id, key -> new ConcurrentLinkedQueue<>());
            int status;
            synchronized (all) {
                status = all.isEmpty() ? ERROR : OK;
                all.add(new Received(at, Integer.parseInt(attempt), status));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** The requests for this notification, oldest first. */
    Queue<Received> of(String id) {
        return requests.getOrDefault(id, new ConcurrentLinkedQueue<>());
    }

    /** Whether a request for it was acknowledged. */
    boolean hasAcknowledged(String id) {
        return of(id).stream().anyMatch(request -> request.status == OK);
    }

    int notifications() {
        return requests.size();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
