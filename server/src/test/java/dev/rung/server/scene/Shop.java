package dev.rung.server.scene;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A merchant's end on this machine: keeps what it receives, and answers as it is told. */
public final class Shop implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile int retryAfter;

    /** One request. */
    public record Received(String path, Headers headers, String body) {
        public String header(String name) {
            return headers.getFirst(name);
        }
    }

    public Shop() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        received.add(new Received(
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(),
                new String(body, StandardCharsets.UTF_8)));
        byte[] answer = "shop's answer".getBytes(StandardCharsets.UTF_8);
        if (retryAfter > 0) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(retryAfter));
        }
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
    }

    /** From now on it answers with this status. */
    public void answer(int newStatus) {
        retryAfter = 0;
        status = newStatus;
    }

    /** From now on it wants to be asked again only so much later. */
    public void answerBusy(int seconds) {
        status = 503;
        retryAfter = seconds;
    }

    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}
