package dev.rung.delivery.http;

import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Sends notifications over HTTP/1.1. Thread-safe.
 *
 * <p>Each attempt runs as an {@link HttpExchange} on a virtual thread. The caller limits the attempts in flight: this class has no queue,
 * never waits for a free connection, follows no redirects, keeps no cookies and sends nothing twice.
 */
public final class HttpSender implements Sender {
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpExchange.Parts parts;
    private volatile boolean closed;
    private long sweptAt = System.nanoTime();

    /** A sender that trusts the certificate authorities of the JDK. */
    public HttpSender(HttpSenderSettings settings, SigningKeys keys, SigningDialects dialects, EgressGuard guard) {
        this(settings, keys, dialects, guard, NameResolver.SYSTEM, defaultTrust());
    }

    /**
     * A sender with its own name resolution and trust.
     *
     * @param tls decides which certificates are trusted
     */
    public HttpSender(
            HttpSenderSettings settings,
            SigningKeys keys,
            SigningDialects dialects,
            EgressGuard guard,
            NameResolver resolver,
            SSLContext tls) {
        IdleConnections idle = new IdleConnections(settings.idleMax(), settings.idlePerRouteMax());
        this.parts = new HttpExchange.Parts(
                new RequestEncoder(keys, dialects, settings.version()),
                new ConnectionOpener(resolver, guard, tls, settings.proxy()),
                idle,
                new DeadlineWheel(settings.deadline().toNanos(), () -> sweep(idle)),
                settings.deadline());
    }

    private static SSLContext defaultTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Called only by the wheel's thread. */
    private void sweep(IdleConnections idle) {
        long now = System.nanoTime();
        if (now - sweptAt >= SWEEP_NANOS) {
            sweptAt = now;
            idle.sweep();
        }
    }

    @Override
    public CompletionStage<Result> send(Request request) {
        if (closed) {
            return CompletableFuture.completedFuture(
                    new Result(Outcome.REFUSED, null, "not sent: Rung is stopping", null));
        }
        HttpExchange exchange = new HttpExchange(request, parts);
        parts.wheel().add(exchange, exchange.timeout().toNanos());
        Thread.startVirtualThread(exchange);
        return exchange.result();
    }

    IdleConnections idle() {
        return parts.idle();
    }

    /** Aborts attempts in flight, as if their deadline had passed. */
    @Override
    public void close() {
        closed = true;
        parts.wheel().close();
        parts.idle().close();
        parts.connector().close();
    }
}
