package dev.rung.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Sends requests: chooses the server, repeats what may be repeated, and turns responses into results or exceptions. Thread-safe. */
final class Transport {
    private static final String VERSION = version();

    private final List<String> servers;
    private final @Nullable String key;
    private final String userAgent;
    private final HttpClient http;
    private final Duration timeout;
    private final Retries retries;
    private final Clock clock;

    /** The server that answered last. */
    private final AtomicInteger preferred = new AtomicInteger();

    /** Time and chance. */
    record Clock(InstantSource time, Sleeper sleeper, DoubleSupplier random) {
        static final Clock SYSTEM = new Clock(
                InstantSource.system(),
                d -> Thread.sleep(d.toMillis()),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    interface Sleeper {
        void sleep(Duration d) throws InterruptedException;
    }

    Transport(
            List<URI> servers,
            @Nullable String key,
            @Nullable String userAgent,
            HttpClient http,
            Duration timeout,
            Retries retries,
            Clock clock) {
        this.servers = servers.stream()
                .map(URI::toString)
                .map(s -> s.endsWith("/") ? s.substring(0, s.length() - 1) : s)
                .toList();
        this.key = key;
        this.userAgent = userAgent == null ? "rung-client-java/" + VERSION : userAgent;
        this.http = http;
        this.timeout = timeout;
        this.retries = retries;
        this.clock = clock;
    }

    private static String version() {
        String version = Transport.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /**
     * A request.
     *
     * @param json null for none
     * @param idempotencyKey printable ASCII
     * @param repeatable whether processing it twice does no harm
     */
    record Request(
            String method,
            String path,
            @Nullable String json,
            @Nullable String idempotencyKey,
            boolean repeatable) {
        static Request get(String path) {
            return new Request("GET", path, null, null, true);
        }
    }

    List<String> servers() {
        return servers;
    }

    Retries retries() {
        return retries;
    }

    /** The response to a request, successful or not, after retries. */
    HttpResponse<byte[]> exchange(Request request) {
        Instant noRoundAfter = clock.time().instant().plus(retries.totalMax());
        for (int round = 1; ; round++) {
            Result<byte[]> result = round(request, BodyHandlers.ofByteArray(), timeout);
            if (round == retries.roundsMax() || !result.mayRepeat(request) || !waitAfter(round, result, noRoundAfter)) {
                return result.get();
            }
        }
    }

    /**
     * The response to a request.
     *
     * @throws RungException if it is an error
     */
    HttpResponse<byte[]> successful(Request request) {
        HttpResponse<byte[]> response = exchange(request);
        if (response.statusCode() < 200 || response.statusCode() > 299) {
            throw failure(response, response.body());
        }
        return response;
    }

    /** Opens a stream; the timeout holds for the response's head. */
    <T> HttpResponse<T> open(Request request, BodyHandler<T> handler) {
        return round(request, handler, timeout).get();
    }

    /** Asks one server after the other, beginning with the one that answered last. */
    private <T> Result<T> round(Request request, BodyHandler<T> handler, Duration limit) {
        Result<T> result = null;
        Duration retryAfter = null;
        for (int i = 0; i < servers.size(); i++) {
            int server = preferred.get();
            result = ask(server, request, handler, limit);
            Duration wanted = result.retryAfter(clock.time());
            retryAfter = retryAfter == null || wanted != null && wanted.compareTo(retryAfter) < 0 ? wanted : retryAfter;
            if (!result.mayFailOver(request)) {
                break;
            }
            preferred.compareAndSet(server, (server + 1) % servers.size());
            result.discard(i + 1 < servers.size());
        }
        if (result == null) {
            throw new IllegalStateException("there are no servers");
        }
        return result.withShortestWait(retryAfter);
    }

    private <T> Result<T> ask(int server, Request request, BodyHandler<T> handler, Duration limit) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(servers.get(server) + request.path()))
                .timeout(limit)
                .setHeader("Accept", "application/json")
                .setHeader("User-Agent", userAgent);
        if (key != null) {
            builder.setHeader("Authorization", "Bearer " + key);
        }
        if (request.idempotencyKey() != null) {
            builder.setHeader("Idempotency-Key", request.idempotencyKey());
        }
        if (request.json() == null) {
            builder.method(request.method(), BodyPublishers.noBody());
        } else {
            builder.setHeader("Content-Type", "application/json")
                    .method(request.method(), BodyPublishers.ofString(request.json()));
        }
        try {
            return new Result<>(http.send(builder.build(), handler), null, null);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException e) {
            return new Result<>(null, e, null);
        }
    }

    private boolean waitAfter(int round, Result<?> result, Instant noRoundAfter) {
        Duration wait = retries.waitAfter(round, clock.random().getAsDouble());
        Duration wanted = result.shortestWait();
        if (wanted != null && wanted.compareTo(wait) > 0) {
            wait = wanted;
        }
        if (wait.compareTo(retries.waitMax()) > 0
                || clock.time().instant().plus(wait).isAfter(noRoundAfter)) {
            return false;
        }
        try {
            clock.sleeper().sleep(wait);
            return true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UncheckedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for Rung");
        interrupted.initCause(e);
        return new UncheckedIOException(interrupted);
    }

    /** A response, or why there is none. */
    private record Result<T>(
            @Nullable HttpResponse<T> response,
            @Nullable IOException failure,
            @Nullable Duration shortestWait) {

        Result<T> withShortestWait(@Nullable Duration value) {
            return new Result<>(response, failure, value);
        }

        HttpResponse<T> get() {
            if (response != null) {
                return response;
            }
            throw new UncheckedIOException(failure == null ? new IOException("no response") : failure);
        }

        @Nullable Duration retryAfter(InstantSource time) {
            return response == null ? null : Transport.retryAfter(response, time);
        }

        /** Whether another server may do better: this one is away or not ready. A 429 is about the key, which is the same there. */
        boolean mayFailOver(Request request) {
            if (response == null) {
                return wasNotSent() || request.repeatable();
            }
            int status = response.statusCode();
            return request.repeatable() && (status == 502 || status == 503 || status == 504);
        }

        boolean mayRepeat(Request request) {
            return response != null && response.statusCode() == 429 || mayFailOver(request);
        }

        /** Releases the connection of a response that is not read. */
        void discard(boolean another) {
            if (another && response != null && response.body() instanceof BaseStream<?, ?> stream) {
                stream.close();
            }
        }

        private boolean wasNotSent() {
            return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
        }
    }

    /** The value of {@code Retry-After}: seconds, or a date. */
    static @Nullable Duration retryAfter(HttpResponse<?> response, InstantSource time) {
        String value =
                response.headers().firstValue("Retry-After").map(String::strip).orElse("");
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(time.instant(), at);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The exception for a response. */
    RungException failure(HttpResponse<?> response, byte[] body) {
        return new RungException(problem(response.statusCode(), body), retryAfter(response, clock.time()));
    }

    private static Problem problem(int status, byte[] body) {
        try {
            return Problem.read(JsonObject.read(body)).withStatus(status);
        } catch (MalformedResponseException e) {
            return new Problem(null, null, status, null, List.of()); // from something else, such as a proxy
        }
    }
}
