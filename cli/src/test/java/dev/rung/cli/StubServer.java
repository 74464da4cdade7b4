package dev.rung.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that gives prepared answers and remembers what it was asked. */
final class StubServer implements AutoCloseable {
    static final String KEY = "the-operators-key";

    private final HttpServer http;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** What is answered. */
    record Reply(int status, String body) {}

    /** What was asked. */
    record Asked(String line, String body, String idempotencyKey) {}

    StubServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Lets commands in this folder find it, as a real server would. */
    void announce(Path folder) throws IOException {
        DataDir dir = new DataDir(folder.resolve("rung-data"));
        new RunningServer(url(), ProcessHandle.current().pid()).write(dir);
        DataDir.writeForOwner(dir.apiKey(), (KEY + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** From now on a request such as {@code GET /v1/ladders} gets this. */
    void reply(String line, int status, String body) {
        replies.put(line, new Reply(status, body));
    }

    List<Asked> asked(String line) {
        return asked.stream().filter(a -> a.line().equals(line)).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            asked.add(new Asked(
                    line,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            Reply reply = ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    ? replies.getOrDefault(line, new Reply(404, problem("Not found", "There is no " + line + ".")))
                    : new Reply(401, problem("Unauthorized", "A key is needed."));
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    static String problem(String title, String detail) {
        return "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"detail\":\"" + detail + "\"}";
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
