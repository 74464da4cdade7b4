package dev.rung.bench;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * The upper limit that throughput is compared with: the same store, queue and HTTP client, the same rows and
 * durability, and nothing else. No intake, no bulkheads, no signatures, no deadline, no evaluation of the answer.
 */
final class BarePipeline {
    private static final int BATCH = 512;
    private static final int LOOK_BATCH = 256;
    private static final int IN_FLIGHT = 256;
    private static final int BACKLOG_MAX = 10_000;

    private final NotificationStore store;
    private final WakeQueue queue;
    private final Ids ids;
    private final MerchantId merchant;
    private final URI target;
    private final int lanes;
    private final LongAdder settled = new LongAdder();
    private final Semaphore backlog = new Semaphore(BACKLOG_MAX);
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final BlockingQueue<WakeMessage> due = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final CloseableHttpClient http = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(IN_FLIGHT)
                    .setMaxConnPerRoute(IN_FLIGHT)
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableContentCompression()
            .build();
    private volatile boolean stopped;

    private record Ended(WakeMessage message, Settlement settlement) {}

    /** @param lanes batches of one kind in flight at once, as in the server */
    BarePipeline(NotificationStore store, MerchantStore merchants, WakeQueue queue, URI target, int lanes) {
        this.store = store;
        this.queue = queue;
        this.target = target;
        this.lanes = lanes;
        this.ids = new Ids(InstantSource.system(), new SplittableRandom(), store.lastId());
        this.merchant = new MerchantId(ids.next());
        merchants.insert(new Merchant(
                merchant,
                "bare",
                Receiver.of(target.toString(), Receiver.Keys.of(Signing.HMAC, new byte[] {0}, null)),
                store.now(),
                0));
    }

    /** Runs the pipeline; returns the deliveries settled per second after the warm-up. */
    double run(Duration warmUp, Duration window) throws IOException {
        queue.start(new WakeQueue.Listener() {
            @Override
            public void due(List<WakeMessage> messages) {
                due.addAll(messages);
            }

            @Override
            public CompletionStage<@Nullable Void> forgotten() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void lost(List<Wake> lost) {
                throw new IllegalStateException("the queue lost " + lost.size());
            }
        });
        for (int i = 0; i < lanes; i++) {
            Thread.ofVirtual().start(this::produce);
            Thread.ofVirtual().start(() -> drain(due, LOOK_BATCH, this::lookAndSend));
            Thread.ofVirtual().start(() -> drain(ended, BATCH, this::settle));
        }
        Bench.pause(warmUp);
        long before = settled.sum();
        long begun = System.nanoTime();
        Bench.pause(window);
        double rate = (settled.sum() - before) * 1e9 / (System.nanoTime() - begun);
        stopped = true;
        http.close();
        return rate;
    }

    private void produce() {
        byte[] payload =
                ("{\"padding\":\"" + "x".repeat(Bench.PAYLOAD_BYTES - 14) + "\"}").getBytes(StandardCharsets.UTF_8);
        Ladder ladder = Ladder.presets().values().iterator().next();
        while (!stopped) {
            backlog.acquireUninterruptibly(BATCH);
            long now = System.currentTimeMillis();
            List<NewNotification> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                NotificationId id = new NotificationId(ids.next(merchant));
                Delivery.Content content =
                        new Delivery.Content(target.toString(), true, "B" + id.value(), "payment.succeeded", now);
                batch.add(new NewNotification(
                        id,
                        ReceiverId.own(merchant),
                        null,
                        content,
                        payload,
                        ladder,
                        Ladder.DEFAULT_NAME,
                        false,
                        false,
                        now,
                        WakeLocation.QUEUED,
                        null,
                        List.of()));
            }
            store.accept(batch);
            queue.schedule(
                    batch.stream().map(n -> new Wake(n.id(), 1, n.dueAt())).toList());
        }
    }

    private <T> void drain(BlockingQueue<T> from, int max, Consumer<List<T>> work) {
        try {
            while (!stopped) {
                List<T> batch = new ArrayList<>(max);
                batch.add(from.take());
                from.drainTo(batch, max - 1);
                work.accept(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAndSend(List<WakeMessage> messages) {
        List<@Nullable Delivery> records =
                store.findDeliveries(messages.stream().map(d -> d.wake().id()).toList());
        for (int i = 0; i < records.size(); i++) {
            WakeMessage message = messages.get(i);
            Delivery delivery = records.get(i);
            if (delivery == null || delivery.payload() == null) {
                throw new IllegalStateException("there is no record for " + message.wake());
            }
            byte[] payload = delivery.payload();
            inFlight.acquireUninterruptibly();
            Thread.ofVirtual().start(() -> send(message, payload));
        }
    }

    private void send(WakeMessage message, byte[] payload) {
        long startedAt = System.currentTimeMillis();
        HttpPost post = new HttpPost(target);
        post.setEntity(new ByteArrayEntity(payload, ContentType.APPLICATION_JSON));
        int status;
        try {
            status = http.execute(post, response -> response.getCode());
        } catch (IOException e) {
            if (!stopped) {
                throw new IllegalStateException("the sink is unreachable", e);
            }
            return;
        } finally {
            inFlight.release();
        }
        long endedAt = System.currentTimeMillis();
        Attempt attempt = new Attempt(
                ids.next(merchant),
                1,
                message.wake().dueAt(),
                startedAt,
                (int) (endedAt - startedAt),
                Outcome.ACKNOWLEDGED,
                new Attempt.Answer(status, "content-length: 0", new byte[0]),
                null,
                false,
                false,
                null);
        ended.add(new Ended(
                message,
                new Settlement(message.wake(), attempt, new NextStep.Delivered(), WakeLocation.QUEUED, null, endedAt)));
    }

    private void settle(List<Ended> batch) {
        store.settle(batch.stream().map(Ended::settlement).toList());
        batch.forEach(e -> e.message().receipt().acknowledge());
        settled.add(batch.size());
        backlog.release(batch.size());
    }
}
