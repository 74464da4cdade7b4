package example.toybank;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.model.Money;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The bank: an HTTP server on loopback with a gateway for Rung ({@code POST /gateway/place}, {@code query}, {@code close}) and a page for each order's payer
 * ({@code /pay/TOKEN}). Sends a callback when an order is settled. Thread-safe.
 */
final class ToyBank {
    /** The response that acknowledges a callback. */
    static final String ACKNOWLEDGED = "ok";

    private static final Logger LOG = System.getLogger(ToyBank.class.getName());
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int TOKEN_BYTES = 16;
    private static final Duration CALLBACK_TIMEOUT = Duration.ofSeconds(5);

    /** Delays before the first callback and between unacknowledged ones; after the last the bank stops. */
    private static final List<Duration> CALLBACK_WAITS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));

    private final @Nullable Duration payAfter;
    private final Signatures signatures;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Ledger ledger;
    private final HttpClient client;
    private final HttpServer http;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("toybank-timer").daemon().factory());

    /** Opens the bank and starts its HTTP server. */
    ToyBank(int port, @Nullable Duration payAfter, Signatures signatures, ChannelContext context) throws IOException {
        this.payAfter = payAfter;
        this.signatures = signatures;
        this.clock = context.clock();
        this.random = context.random();
        this.ledger = new Ledger(context.folder());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context.tls())
                .build();
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        http.setExecutor(requests);
        http.createContext("/gateway/", this::gateway);
        http.createContext("/pay/", this::page);
        http.start();
    }

    /** Its base URL, without a trailing slash. */
    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Continues the tasks that a restart interrupted. */
    void start() {
        ledger.toTell().forEach(order -> tell(order.number(), 0));
        ledger.open().forEach(this::payLater);
    }

    /** Sends no more callbacks. */
    void stop() {
        timer.shutdownNow();
    }

    /** Returns when nothing writes to the ledger any more. */
    void close() {
        http.stop(0);
        client.shutdownNow();
        timer.shutdownNow();
        requests.close();
        timer.close();
    }

    private void gateway(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation = exchange.getRequestURI().getPath().substring("/gateway/".length());
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            String signature = exchange.getRequestHeaders().getFirst(Signatures.HEADER);
            if (!exchange.getRequestMethod().equals("POST") || !signatures.verifies(operation, body, signature)) {
                send(exchange, 401, "text/plain", "not signed with the account's secret".getBytes(UTF_8));
                return;
            }
            Optional<Map<String, String>> answer = answer(operation, Form.read(body));
            byte[] text = Form.write(answer.orElse(Map.of("error", "no such order")));
            int status = answer.isPresent() ? 200 : 404;
            exchange.getResponseHeaders()
                    .set(Signatures.HEADER, signatures.sign("answer " + status + " " + signature, text));
            send(exchange, status, Form.TYPE, text);
        } catch (IllegalArgumentException e) {
            send(exchange, 400, "text/plain", String.valueOf(e.getMessage()).getBytes(UTF_8));
        }
    }

    /** Empty for an unknown order or operation. */
    private Optional<Map<String, String>> answer(String operation, Map<String, String> question) {
        return switch (operation) {
            case "place" -> {
                Order order = ledger.add(newOrder(question));
                payLater(order);
                Map<String, String> answer = order.statement();
                answer.put("pay_url", url() + "/pay/" + order.token());
                yield Optional.of(answer);
            }
            case "query" -> ledger.find(question.getOrDefault("number", "")).map(Order::statement);
            case "close" -> {
                // An order not yet placed is stored as closed, so that a later placement has no effect.
                Order order = ledger.add(newOrder(question));
                yield Optional.of(
                        ledger.change(order.number(), o -> o.settled(Order.State.CLOSED, clock.instant(), false))
                                .statement());
            }
            default -> Optional.empty();
        };
    }

    private Order newOrder(Map<String, String> question) {
        Map<String, String> fields = new TreeMap<>(question);
        String token = token();
        fields.put("token", token);
        fields.put("trade_no", "TB" + token.substring(0, 12).toUpperCase(Locale.ROOT));
        fields.put("state", Order.State.OPEN.name());
        fields.put("is_to_tell", "false");
        return Order.of(fields);
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void payLater(Order order) {
        if (payAfter != null) {
            later(payAfter, () -> settle(order.number(), Order.State.PAID, true));
        }
    }

    private void settle(String number, Order.State to, boolean tell) {
        Instant now = clock.instant();
        Order order = ledger.change(
                number, o -> now.isBefore(o.expiresAt()) ? o.settled(to, now.truncatedTo(ChronoUnit.MILLIS), tell) : o);
        if (order.isToTell()) {
            tell(number, 0);
        }
    }

    /** Sends the callback, with retries until it is acknowledged. */
    private void tell(String number, int attempt) {
        if (attempt == CALLBACK_WAITS.size()) {
            ledger.change(number, Order::told);
            return;
        }
        later(CALLBACK_WAITS.get(attempt), () -> {
            Order order = ledger.find(number).orElseThrow();
            if (order.isToTell()) {
                if (callBack(order)) {
                    ledger.change(number, Order::told);
                } else {
                    tell(number, attempt + 1);
                }
            }
        });
    }

    private boolean callBack(Order order) {
        byte[] body = Form.write(order.statement());
        HttpRequest request = HttpRequest.newBuilder(URI.create(order.callbackUrl()))
                .timeout(CALLBACK_TIMEOUT)
                .header("content-type", Form.TYPE)
                .header(Signatures.HEADER, signatures.sign("callback", body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().equals(ACKNOWLEDGED);
        } catch (IOException e) {
            LOG.log(Logger.Level.DEBUG, "no response to a callback", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task handles its own failures
    private void later(Duration wait, Runnable task) {
        try {
            timer.schedule(() -> guarded(task), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Logger.Level.DEBUG, "stopping", e); // the next start continues
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.ERROR, "the toy bank has a bug", e);
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        try (exchange) {
            String token = exchange.getRequestURI().getPath().substring("/pay/".length());
            Optional<Order> order = ledger.findByToken(token);
            if (order.isEmpty()) {
                send(exchange, 404, "text/plain", "There is no such order.".getBytes(UTF_8));
                return;
            }
            if (exchange.getRequestMethod().equals("POST")) {
                choose(order.get(), Form.read(exchange.getRequestBody().readNBytes(BODY_BYTES_MAX)));
                exchange.getResponseHeaders().set("location", "/pay/" + token);
                exchange.sendResponseHeaders(303, -1);
                return;
            }
            send(exchange, 200, "text/html; charset=utf-8", html(order.get()).getBytes(UTF_8));
        }
    }

    private void choose(Order order, Map<String, String> form) {
        switch (form.getOrDefault("choice", "")) {
            case "pay" -> settle(order.number(), Order.State.PAID, true);
            case "pay-and-lose-callback" -> settle(order.number(), Order.State.PAID, false);
            case "refuse" -> settle(order.number(), Order.State.REFUSED, true);
            default -> {
                // Nothing was chosen.
            }
        }
    }

    private static String html(Order order) {
        Money amount = order.amount();
        String buttons = order.state() == Order.State.OPEN
                ? """
                <form method="post">
                <button name="choice" value="pay">Pay</button>
                <button name="choice" value="pay-and-lose-callback">Pay, and lose the callback</button>
                <button name="choice" value="refuse">Refuse the payer</button>
                </form>"""
                : "<p>This order is " + order.state().name().toLowerCase(Locale.ROOT) + ".</p>";
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>Toy bank</title>
                <h1>Toy bank</h1>
                <p>%s: %s</p>
                %s
                </html>
                """.formatted(escaped(order.subject()), amount.text(), buttons);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
