package dev.rung.torture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.ObjectMapper;

/** Submits notifications at a fixed rate with idempotency keys, and retries at the other server until one accepts. */
final class Producer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int TRIES_MAX = 200;
    private static final Duration AGAIN = Duration.ofMillis(300);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Supply> servers;
    private final String key;
    private final String merchant;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong givenUp = new AtomicLong();

    /** Returns a server's current address. */
    interface Supply {
        URI address();
    }

    Producer(List<Supply> servers, String key, String merchant) {
        this.servers = servers;
        this.key = key;
        this.merchant = merchant;
    }

    void start(int perSecond) {
        long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var _ = clock.scheduleAtFixedRate(
                () -> {
                    int next = number.incrementAndGet();
                    underWay.incrementAndGet();
                    threads.execute(() -> submit(next));
                },
                0,
                period,
                TimeUnit.NANOSECONDS);
    }

    private void submit(int sequence) {
        try {
            String body = "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"T" + sequence + "\",\"payload\":{\"n\":"
                    + sequence + "},\"ladder\":[\"1s\",\"2s\",\"3s\",\"4s\",\"5s\"]}";
            for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
                URI server = servers.get((sequence + attempt) % servers.size()).address();
                HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/notifications"))
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "T" + sequence)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                if (isAccepted(request)) {
                    return;
                }
                LocalProcess.pause(AGAIN);
            }
            givenUp.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
    }

    private boolean isAccepted(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                return false;
            }
            accepted.put(JSON.readTree(response.body()).path("id").asString(), System.currentTimeMillis());
            return true;
        } catch (IOException e) {
            return false; // unavailable: retry at the other server
        }
    }

    /** Stops submitting; returns when every submission was accepted or abandoned. */
    void finish(Duration atMost) {
        clock.shutdownNow();
        LocalProcess.await("submissions end", atMost, () -> underWay.get() == 0);
    }

    /** Ids of accepted notifications, with the time. */
    Map<String, Long> accepted() {
        return accepted;
    }

    /** Submissions that no server accepted after many attempts; they do not count as lost. */
    long givenUp() {
        return givenUp.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
        http.shutdownNow();
    }
}
