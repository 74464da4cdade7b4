package dev.rung.channel.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.channel.HostedBank;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the Rung server for one channel account, on a loopback port: opens the channel, accepts callbacks at {@code /callbacks/NAME},
 * acknowledges verified ones, and serves {@code /banks/NAME} for a {@link HostedBank}. Thread-safe.
 */
public final class ChannelTestServer implements ChannelContext, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final Path folder;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger unacknowledged = new AtomicInteger();
    private volatile @Nullable PaymentChannel channel;
    private volatile boolean bankIsAway;

    /** A received callback and the channel's verdict. */
    public record Received(CallbackRequest request, PaymentChannel.Callback callback) {}

    /** Starts a server for the account of this name; {@code folder} is the account's folder. */
    public ChannelTestServer(String name, Path folder) {
        this.name = name;
        this.folder = folder;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/callbacks/" + name, this::callback);
        http.createContext("/banks/" + name, this::hosted);
        http.start();
    }

    /** Adds a service for {@link #service}. */
    public <T> void provide(Class<T> type, T service) {
        services.put(type, service);
    }

    /** Opens the account and starts it. */
    public PaymentChannel open(ChannelType type, Map<String, String> members) {
        ChannelAccount account = ChannelAccount.of(type, name, members);
        type.members().forEach(member -> account.find(member.name()).ifPresent(member.check()));
        String problem = type.problem(account);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        PaymentChannel opened = type.open(account, this);
        channel = opened;
        opened.start();
        return opened;
    }

    /** Does not acknowledge the next callbacks, even if they are verified. */
    public void rejectCallbacks(int callbacks) {
        unacknowledged.set(callbacks);
    }

    /** The received callbacks, in order. */
    public List<Received> received() {
        return received;
    }

    /** Waits for the first callback for a payment. */
    public CallbackRequest awaitCallback(Payment payment) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> received.stream()
                                .filter(r -> r.callback()
                                                instanceof PaymentChannel.Callback.Verified(String number, var evidence)
                                        && number.equals(payment.id().toString()))
                                .map(Received::request)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Stops the hosted bank; the channel can still be called. */
    public void stopChannel() {
        PaymentChannel opened = channel();
        bankIsAway = true;
        opened.stop();
        opened.close();
    }

    private PaymentChannel channel() {
        return Objects.requireNonNull(channel, "no channel is open");
    }

    private void callback(HttpExchange exchange) throws IOException {
        try (exchange) {
            CallbackRequest request = new CallbackRequest(
                    headers(exchange),
                    exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestBody().readAllBytes());
            PaymentChannel.Callback callback = channel().readCallback(request);
            received.add(new Received(request, callback));
            boolean accepted = callback instanceof PaymentChannel.Callback.Verified
                    && unacknowledged.getAndUpdate(n -> Math.max(0, n - 1)) == 0;
            PaymentChannel.Acknowledgement acknowledgement = channel().acknowledgement(accepted);
            if (acknowledgement.contentType() != null) {
                exchange.getResponseHeaders().set("content-type", acknowledgement.contentType());
            }
            send(exchange, acknowledgement.status(), acknowledgement.body().getBytes(UTF_8));
        }
    }

    private void hosted(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (bankIsAway || !(channel instanceof HostedBank bank)) {
                send(exchange, 404, new byte[0]);
                return;
            }
            Map<String, String> headers = new HashMap<>();
            headers(exchange).forEach((header, values) -> headers.put(header, values.getFirst()));
            HostedBank.Answer answer = bank.answer(new HostedBank.Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().substring(("/banks/" + name).length()),
                    exchange.getRequestURI().getRawQuery(),
                    headers,
                    exchange.getRequestBody().readAllBytes()));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            if (!answer.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("content-type", answer.contentType());
            }
            send(exchange, answer.status(), answer.body());
        }
    }

    private static Map<String, List<String>> headers(HttpExchange exchange) {
        Map<String, List<String>> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((header, values) -> headers.put(header.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return headers;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + path + name);
    }

    @Override
    public URI callbackUrl() {
        return url("/callbacks/");
    }

    @Override
    public URI hostedUrl() {
        return url("/banks/");
    }

    @Override
    public URI hostedUrlFromHere() {
        return hostedUrl();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Optional<Proxy> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String secret(String secret, Supplier<String> make) {
        return secrets.computeIfAbsent(secret, key -> make.get());
    }

    @Override
    public <T> T service(Class<T> type) {
        Object service = services.get(type);
        if (service == null) {
            throw new IllegalArgumentException("this server has no " + type.getName());
        }
        return type.cast(service);
    }

    /** Stops and closes the channel, then the server. */
    @Override
    public void close() {
        PaymentChannel opened = channel;
        if (opened != null && !bankIsAway) {
            opened.stop();
            opened.close();
        }
        http.stop(0);
        threads.shutdownNow();
    }
}
