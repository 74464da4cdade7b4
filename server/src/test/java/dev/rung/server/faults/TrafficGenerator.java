package dev.rung.server.faults;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A platform that submits notifications continuously, in batches, and records the promises: ids answered with 202. A
 * batch without an answer is submitted again under the same keys. Runs until it is stopped.
 */
final class TrafficGenerator implements AutoCloseable {
    private static final int BATCH = 10;
    private static final long PAUSE_MILLIS = 40;

    private final Supplier<OperatorClient> operator;
    private final String merchant;
    private final String run;
    private final Map<String, String> promised = new ConcurrentHashMap<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicReference<AssertionError> contradiction = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopped;

    /** @param operator supplies the client for each batch: a server may have moved */
    TrafficGenerator(Supplier<OperatorClient> operator, String merchant) {
        this.operator = operator;
        this.merchant = merchant;
        this.run = Long.toString(System.nanoTime(), 36);
        this.thread = Thread.ofVirtual().name("traffic").start(this::run);
    }

    private void run() {
        while (!stopped) {
            int batch = batches.get();
            if (handOver(batch)) {
                batches.incrementAndGet();
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether every item of the batch is now promised. */
    private boolean handOver(int batch) {
        String items = IntStream.range(0, BATCH)
                .mapToObj(i -> "{\"merchant_id\":\"" + merchant + "\",\"idempotency_key\":\"" + key(batch, i)
                        + "\",\"ladder\":[\"1s\",\"1s\",\"1s\",\"1s\",\"2s\",\"4s\",\"8s\",\"8s\",\"8s\",\"8s\"],\"payload\":{\"amount\":12.30,\"item\":"
                        + i + "}}")
                .collect(Collectors.joining(","));
        OperatorClient.Answer reply;
        try {
            reply = operator.get().post("/v1/notifications/batch", "{\"notifications\":[" + items + "]}");
        } catch (UncheckedIOException e) {
            return false; // no answer, so nothing is promised
        }
        if (reply.status() != 200) {
            refusals.incrementAndGet();
            return false;
        }
        boolean all = true;
        JsonNode results = reply.json().path("results");
        for (int i = 0; i < BATCH; i++) {
            all &= promise(key(batch, i), results.path(i));
        }
        return all;
    }

    private boolean promise(String key, JsonNode item) {
        int status = item.path("status").asInt(0);
        if (status != 200 && status != 202) {
            refusals.incrementAndGet();
            return false;
        }
        String id = item.path("id").asString();
        String before = promised.putIfAbsent(key, id);
        if (before != null && !before.equals(id)) {
            contradiction.compareAndSet(null, new AssertionError(key + " was promised as " + before + " and as " + id));
        }
        return true;
    }

    private String key(int batch, int item) {
        return run + "-" + batch + "-" + item;
    }

    /** Number of promised notifications so far. */
    int count() {
        return promised.size();
    }

    int refusals() {
        return refusals.get();
    }

    /** Stops after the current batches; returns the promised ids. */
    Set<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        if (contradiction.get() != null) {
            throw contradiction.get();
        }
        return Set.copyOf(promised.values());
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
