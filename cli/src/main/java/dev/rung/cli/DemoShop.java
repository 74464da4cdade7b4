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

/** One merchant of the demo, on a loopback port of its own, with a temper. Thread-safe. */
final class DemoShop implements AutoCloseable {
    private static final int BODY_MAX = 1 << 20;
    private static final Duration FAILING = Duration.ofMinutes(1);
    private static final Duration FAILS_EVERY = Duration.ofMinutes(5);
    private static final Duration ALIVE = Duration.ofSeconds(40);
    private static final Duration DEAD = Duration.ofSeconds(30);

    private final Behavior behavior;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long openedAt = System.nanoTime();
    private final int port;
    private final @Nullable SocketChannel shutters;
    private @Nullable HttpServer server;

    /** How a merchant behaves. */
    enum Behavior {
        PROMPT("Prompt Tea", "answers at once"),
        SLOW("Slow Bakery", "answers after 3 s"),
        FAILS_TWICE("Third Time Lucky", "answers 500 twice, then takes it"),
        FAILS_FOR_A_MINUTE("Morning Maintenance", "answers 503 for a minute, and again every five minutes"),
        HANGS("Hanging Gardens", "takes every request and never answers"),
        REFUSES("Closed Shutters", "refuses every connection"),
        WITHOUT_SUCCESS("Polite Nods", "answers 200, but never says success"),
        COMES_BACK("Phoenix Books", "is dead for half a minute, and comes back");

        private final String merchant;
        private final String behaviour;

        Behavior(String merchant, String behaviour) {
            this.merchant = merchant;
            this.behaviour = behaviour;
        }

        String merchant() {
            return merchant;
        }

        String behaviour() {
            return behaviour;
        }
    }

    private DemoShop(Behavior behavior, int at) throws IOException {
        this.behavior = behavior;
        if (behavior == Behavior.REFUSES) {
            // Bound, so that nobody else gets the port, but not listening: every connection is refused.
            shutters = SocketChannel.open().bind(new InetSocketAddress(loopback(), at));
            port = ((InetSocketAddress) shutters.getLocalAddress()).getPort();
        } else {
            shutters = null;
            port = listen(at);
        }
        if (behavior == Behavior.COMES_BACK) {
            threads.execute(this::dieAndComeBack);
        }
    }

    /**
     * Opens one.
     *
     * @param at the port where what an earlier demo left is still to be sent to; if it is taken, or 0, any other
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
        listening.createContext("/", this::take);
        listening.setExecutor(threads);
        listening.start();
        server = listening;
        return listening.getAddress().getPort();
    }

    private synchronized void die() {
        HttpServer dying = server;
        if (dying != null) {
            dying.stop(0);
            server = null;
        }
    }

    private void dieAndComeBack() {
        try {
            while (!closed.await(ALIVE.toMillis(), TimeUnit.MILLISECONDS)) {
                die();
                if (closed.await(DEAD.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                comeBack();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void comeBack() {
        try {
            listen(port);
        } catch (IOException e) {
            // Somebody else has taken the port meanwhile: it stays dead until the next time.
            die();
        }
    }

    private void take(HttpExchange exchange) throws IOException {
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

    /** Whoever waits for an answer sees the connection end. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        die();
        threads.shutdownNow();
        if (shutters != null) {
            shutters.close();
        }
    }
}
