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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls gateways with a total deadline, a maximum response size and no redirects. Network errors are returned as {@link Reply.None}, never
 * thrown. Addresses are not checked: the operator configures the gateways. Thread-safe.
 */
public final class GatewayClient implements AutoCloseable {
    /** Maximum duration of a channel operation, which may take several requests. */
    public static final Duration CALL = Duration.ofSeconds(5);

    /** Maximum response body; a longer one is an error. */
    public static final int BODY_BYTES_MAX = 64 * 1024;

    private final HttpClient http;
    private final @Nullable String proxyAuthorization;

    /** The client for external platforms, through the operator's proxy if one is set. */
    public static GatewayClient outbound(ChannelContext context) {
        return new GatewayClient(context.proxy().orElse(null));
    }

    /**
     * Opens one.
     *
     * @param proxy null: none. For TLS gateways the JDK sends its Basic authorization only if {@code
     * jdk.http.auth.tunneling.disabledSchemes} permits it
     */
    public GatewayClient(@Nullable Proxy proxy) {
        this(proxy, null);
    }

    /**
     * Opens a client with its own trusted certificates.
     *
     * @param tls null: the JDK's default
     */
    public GatewayClient(@Nullable Proxy proxy, @Nullable SSLContext tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        if (proxy != null) {
            // Resolved for every connection, so that the proxy's address may change.
            builder.proxy(ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        }
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        this.proxyAuthorization = proxy == null ? null : proxy.authorization();
    }

    /** The result of a request. */
    public sealed interface Reply {
        /** A complete response. */
        @SuppressWarnings("ArrayRecordComponent") // read once, never compared
        record Answer(int status, HttpHeaders headers, byte[] body) implements Reply {}

        /** No complete response; it is unknown whether the request arrived. */
        record None(String reason) implements Reply {}
    }

    /** Sends the request and waits for the complete response until the deadline. */
    public Reply send(HttpRequest request, Deadline deadline) {
        long left = deadline.nanosLeft();
        if (left <= 0) {
            return new Reply.None("the deadline passed before the request was sent");
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(introduced(request), BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = answer.get(left, TimeUnit.NANOSECONDS);
            return new Reply.Answer(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Reply.None("no complete response within " + CALL.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Reply.None(reason(e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.None("interrupted");
        }
    }

    /** The longest time that a file takes. */
    private static final Duration DOWNLOAD = Duration.ofMinutes(5);

    private static final long FILE_BYTES_MAX = 2L << 30;

    /**
     * Downloads a file that does not exist yet here, within 5 minutes and 2 GiB.
     *
     * @return the fault; empty if the file is complete
     */
    public Optional<String> download(HttpRequest request, Path file) {
        CompletableFuture<HttpResponse<Path>> answer =
                http.sendAsync(introduced(request), BodyHandlers.limiting(BodyHandlers.ofFile(file), FILE_BYTES_MAX));
        try {
            int status = answer.get(DOWNLOAD.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status == 200 ? Optional.empty() : Optional.of("the download was answered with status " + status);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return Optional.of("the download is not complete after " + DOWNLOAD.toMinutes() + " min");
        } catch (ExecutionException e) {
            return Optional.of(reason(e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private HttpRequest introduced(HttpRequest request) {
        return proxyAuthorization == null
                ? request
                : HttpRequest.newBuilder(request, (name, value) -> true)
                        .header("proxy-authorization", proxyAuthorization)
                        .build();
    }

    /** Describes the error without addresses. */
    private static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case ConnectException e -> "no connection to the gateway";
            case SSLException e -> "TLS with the gateway failed: " + e.getMessage();
            case IOException e
            when String.valueOf(e.getMessage()).contains("capacity") ->
                "the response is longer than " + BODY_BYTES_MAX / 1024 + " KiB";
            case null, default -> "no response from the gateway: " + cause;
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
