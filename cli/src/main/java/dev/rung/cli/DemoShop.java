package dev.rung.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A merchant of the demo, on its own loopback port, with a specific behavior. Thread-safe. */
final class DemoShop implements AutoCloseable {
    private static final int BODY_MAX = 1 << 20;
    private static final Duration FAILING = Duration.ofMinutes(1);
    private static final Duration FAILS_EVERY = Duration.ofMinutes(5);
    private static final Duration UPTIME = Duration.ofSeconds(40);
    private static final Duration DOWNTIME = Duration.ofSeconds(30);

    private final Behavior behavior;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long openedAt = System.nanoTime();
    private final int port;
    private final @Nullable SocketChannel reservedPort;
    private @Nullable HttpServer server;

    /** How a merchant behaves. */
    enum Behavior {
        PROMPT("Prompt Tea", "responds immediately"),
        SLOW("Slow Bakery", "responds after 3 s"),
        FAILS_TWICE("Third Time Lucky", "responds 500 twice, then acknowledges"),
        FAILS_FOR_A_MINUTE("Morning Maintenance", "responds 503 for one minute in every five"),
        HANGS("Hanging Gardens", "accepts requests and never responds"),
        REFUSES("Closed Shutters", "refuses every connection"),
        WITHOUT_SUCCESS("Polite Nods", "responds 200 without the body \"success\""),
        COMES_BACK("Phoenix Books", "is down for 30 s, then up for 40 s");

        private final String merchant;
        private final String description;

        Behavior(String merchant, String description) {
            this.merchant = merchant;
            this.description = description;
        }

        String merchant() {
            return merchant;
        }

        String description() {
            return description;
        }
    }

    private DemoShop(Behavior behavior, int at) throws IOException {
        this.behavior = behavior;
        if (behavior == Behavior.REFUSES) {
            // Bound to reserve the port, but not listening: every connection is refused.
            reservedPort = SocketChannel.open().bind(new InetSocketAddress(loopback(), at));
            port = ((InetSocketAddress) reservedPort.getLocalAddress()).getPort();
        } else {
            reservedPort = null;
            port = listen(at);
        }
        if (behavior == Behavior.COMES_BACK) {
            threads.execute(this::restartPeriodically);
        }
    }

    /**
     * Opens a shop.
     *
     * @param at the port of the previous run, for its pending notifications; any other port if it is 0 or in use
     */
    static DemoShop open(Behavior behavior, int at) throws IOException {
        try {
            return new DemoShop(behavior, at);
        } catch (BindException e) {
            return new DemoShop(behavior, 0);
        }
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    Behavior behavior() {
        return behavior;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/notify";
    }

    private synchronized int listen(int at) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(loopback(), at), 0);
        listening.createContext("/", this::handle);
        listening.setExecutor(threads);
        listening.start();
        server = listening;
        return listening.getAddress().getPort();
    }

    private synchronized void stop() {
        HttpServer running = server;
        if (running != null) {
            running.stop(0);
            server = null;
        }
    }

    private void restartPeriodically() {
        try {
            while (!closed.await(UPTIME.toMillis(), TimeUnit.MILLISECONDS)) {
                stop();
                if (closed.await(DOWNTIME.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restart() {
        try {
            listen(port);
        } catch (IOException e) {
            // The port is in use by another process: stay down until the next cycle.
            stop();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readNBytes(BODY_MAX);
            switch (behavior) {
                case PROMPT, COMES_BACK -> answer(exchange, 200, "success");
                case SLOW -> {
                    if (!closed.await(3, TimeUnit.SECONDS)) {
                        answer(exchange, 200, "success");
                    }
                }
                case FAILS_TWICE -> {
                    boolean fails = attempt(exchange) <= 2;
                    answer(exchange, fails ? 500 : 200, fails ? "try again" : "success");
                }
                case FAILS_FOR_A_MINUTE -> {
                    boolean fails = (System.nanoTime() - openedAt) % FAILS_EVERY.toNanos() < FAILING.toNanos();
                    answer(exchange, fails ? 503 : 200, fails ? "in maintenance" : "success");
                }
                case HANGS, REFUSES -> closed.await();
                case WITHOUT_SUCCESS -> answer(exchange, 200, "ok");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int attempt(HttpExchange exchange) {
        String number = exchange.getRequestHeaders().getFirst("rung-attempt");
        return number == null || !number.matches("\\d{1,9}") ? 1 : Integer.parseInt(number);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Closes all open connections. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        stop();
        threads.shutdownNow();
        if (reservedPort != null) {
            reservedPort.close();
        }
    }
}
