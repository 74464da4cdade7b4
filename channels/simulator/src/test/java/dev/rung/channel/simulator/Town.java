package dev.rung.channel.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.store.sqlite.SqliteStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A platform and the simulated bank on one web server, as in real life, but without the rest of Rung. */
final class Town implements AutoCloseable {
    private final SqliteStores stores;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final GatewayClient client = new GatewayClient(null);
    private final HttpClient browser = HttpClient.newHttpClient();
    private final SimulatedBank bank;
    final SimulatorKeys keys = SimulatorKeys.generate();
    final SimulatorChannel channel;
    /** What was made of each callback, in the order of arrival. */
    final List<PaymentChannel.Callback> callbacks = new CopyOnWriteArrayList<>();
    /** So many callbacks are not acknowledged first. */
    final AtomicInteger deaf = new AtomicInteger();

    Town(Path dataDir) {
        stores = SqliteStores.open(dataDir, InstantSource.system());
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = new SimulatorChannel(
                this::url,
                () -> URI.create(url() + "/callbacks/simulator"),
                keys,
                client,
                InstantSource.system(),
                new java.security.SecureRandom());
        bank = new SimulatedBank(
                stores.bankLedger(), this::url, keys, client, InstantSource.system(), new java.security.SecureRandom());
        server.createContext(SimulatedBank.PATH, this::atTheBank);
        server.createContext("/callbacks/simulator", this::atThePlatform);
        server.setExecutor(threads);
        server.start();
        bank.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    BankLedger ledger() {
        return stores.bankLedger();
    }

    BankOrder order(Payment payment) {
        return ledger().find(payment.id().toString()).orElseThrow();
    }

    static Payment payment(long id, @Nullable String options) {
        Instant now = Instant.now();
        return new Payment(
                new PaymentId(id),
                new Payment.Order(
                        new MerchantId(5000),
                        "T" + id,
                        Money.of(1230, "CNY"),
                        "two <b>teas</b> & \"more\", 两杯茶",
                        "simulator",
                        "https://shop.example/notify",
                        Ladder.of("3s"),
                        null,
                        options),
                new NotificationId(id + 1),
                PaymentState.CREATED,
                now,
                now.plus(Duration.ofMinutes(15)),
                null,
                null,
                null,
                null,
                1);
    }

    private void atTheBank(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(lower(name), values.getFirst()));
            SimulatedBank.Answer answer = bank.answer(new SimulatedBank.Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().substring(SimulatedBank.PATH.length()),
                    exchange.getRequestURI().getQuery(),
                    headers,
                    exchange.getRequestBody().readAllBytes()));
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            if (!answer.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("content-type", answer.contentType());
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private void atThePlatform(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(e -> lower(e.getKey()), Map.Entry::getValue));
            PaymentChannel.Callback read = channel.readCallback(
                    new CallbackRequest(headers, null, exchange.getRequestBody().readAllBytes()));
            callbacks.add(read);
            boolean accepted =
                    read instanceof PaymentChannel.Callback.Genuine && deaf.getAndUpdate(n -> Math.max(0, n - 1)) == 0;
            Acknowledgement acknowledgement = channel.acknowledgement(accepted);
            byte[] body = acknowledgement.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(acknowledgement.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Opens a page, or presses a button on it: null for none. */
    HttpResponse<String> browse(String url, @Nullable String choice, String language) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("accept-language", language);
        if (choice != null) {
            request.header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("choice=" + choice));
        }
        try {
            return browser.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        bank.close();
        server.stop(0);
        threads.close();
        client.close();
        browser.close();
        stores.close();
    }
}
