package dev.rung.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with prepared responses; it records what was asked. */
final class StubServer implements AutoCloseable {
    static final String NOTIFICATION =
            "{\"id\":\"ntf_1\",\"merchant_id\":\"mch_1\",\"url\":\"https://shop.example/\",\"ladder\":[\"3s\"],"
                    + "\"state\":\"waiting\",\"attempts_made\":0,\"attempts_max\":2,\"created_at\":\"2026-11-23T10:00:00.000Z\"}";
    static final String ACCEPTED = "{\"status\":202,\"id\":\"ntf_1\",\"notification\":" + NOTIFICATION + "}";

    private final HttpServer server;
    private final Deque<Canned> responses = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();

    private record Canned(int status, String body, Map<String, String> headers) {}

    StubServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void will(int status, String body) {
        will(status, body, Map.of());
    }

    void will(int status, String body, Map<String, String> withHeaders) {
        responses.add(new Canned(status, body, withHeaders));
    }

    /** Cuts the next connection after reading the request. */
    void willCut() {
        responses.add(new Canned(0, "", Map.of()));
    }

    List<String> requests() {
        return requests;
    }

    List<Map<String, String>> headers() {
        return headers;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Map<String, String> first = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> first.put(name, values.get(0)));
            headers.add(first);
            requests.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + (body.isEmpty() ? "" : " " + body));
            Canned canned = responses.remove();
            if (canned.status() == 0) {
                return;
            }
            canned.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = canned.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(canned.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
