package dev.rung.channel.gateway;

import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelContext.Proxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls gateways: with a deadline for everything together, a bound on what is read, and no redirects. Thread-safe; never throws for what the
 * network does. Gateways are the operator's own settings, so that no address is checked here.
 */
public final class GatewayClient implements AutoCloseable {
    /** For a whole call of a channel, however many requests it takes. */
    public static final Duration CALL = Duration.ofSeconds(5);

    /** Of an answer's body; a longer one is none. */
    public static final int BODY_BYTES_MAX = 64 * 1024;

    private final HttpClient http;
    private final @Nullable String proxyAuthorization;

    /** To a platform outside: through the operator's proxy, if there is one. */
    public static GatewayClient outbound(ChannelContext context) {
        return new GatewayClient(context.proxy().orElse(null));
    }

    /**
     * Opens one.
     *
     * @param proxy null: none; its authorization reaches it for TLS gateways only where {@code jdk.http.auth.tunneling.disabledSchemes} permits it
     */
    public GatewayClient(@Nullable Proxy proxy) {
        this(proxy, null);
    }

    /**
     * Opens one that trusts whom it is told to.
     *
     * @param tls null: the JDK's own
     */
    public GatewayClient(@Nullable Proxy proxy, @Nullable SSLContext tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        if (proxy != null) {
            // Looked up with every connection, so that a proxy may move.
            builder.proxy(ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        }
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        this.proxyAuthorization = proxy == null ? null : proxy.authorization();
    }

    /** What came of a request. */
    public sealed interface Reply {
        /** A complete answer. */
        @SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
        record Answer(int status, HttpHeaders headers, byte[] body) implements Reply {}

        /** No complete answer: whether the request arrived is not known. */
        record None(String reason) implements Reply {}
    }

    /** Sends the request and waits for the whole answer, at most until the deadline. */
    public Reply send(HttpRequest request, Deadline deadline) {
        long left = deadline.nanosLeft();
        if (left <= 0) {
            return new Reply.None("no time was left to ask");
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(introduced(request), BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = answer.get(left, TimeUnit.NANOSECONDS);
            return new Reply.Answer(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Reply.None("no complete answer within " + CALL.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Reply.None(reason(e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.None("interrupted");
        }
    }

    private HttpRequest introduced(HttpRequest request) {
        return proxyAuthorization == null
                ? request
                : HttpRequest.newBuilder(request, (name, value) -> true)
                        .header("proxy-authorization", proxyAuthorization)
                        .build();
    }

    /** In words that name no addresses. */
    private static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case ConnectException e -> "no connection to the gateway";
            case SSLException e -> "no TLS with the gateway: " + e.getMessage();
            case IOException e
            when String.valueOf(e.getMessage()).contains("capacity") ->
                "an answer of more than " + BODY_BYTES_MAX / 1024 + " KiB";
            case null, default -> "no answer of the gateway: " + cause;
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
