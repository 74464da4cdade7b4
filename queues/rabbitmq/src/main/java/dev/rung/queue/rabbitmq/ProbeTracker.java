package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracks outstanding probes. Thread-safe.
 *
 * <p>Any server may receive a probe from the queue of due wakes. It forwards another server's probe to the queue named by {@code reply-to},
 * which is exclusive to the sender's connection, and acknowledges the probe only when that publish is confirmed.
 */
final class ProbeTracker {
    /** A probe behind a million wakes takes longer; it then counts as not returned, and the caller sends another. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private record Asked(CompletableFuture<Boolean> answer, long deadline) {}

    private final Publisher publisher;
    private final Executor executor;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private volatile @Nullable String replyQueue;

    /** Number of probes confirmed by the queue of due wakes. */
    final LongAdder taken = new LongAdder();

    ProbeTracker(Publisher publisher, Executor executor) {
        this.publisher = publisher;
        this.executor = executor;
    }

    /**
     * Declares this server's queue of replies.
     *
     * @param onMark called with each mark of this server that another server received
     * @param onBroken called when no reply can arrive any more; without probes no wake could be declared lost
     */
    void up(Channel channel, Consumer<WakeFrame.Mark> onMark, Runnable onBroken) throws IOException {
        channel.addShutdownListener(cause -> onBroken.run());
        String queue = channel.queueDeclare("", false, true, true, Map.of()).getQueue();
        channel.basicConsume(queue, true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                switch (WakeFrame.read(body)) {
                    case WakeFrame.Probe probe -> answer(probe.number(), true);
                    case WakeFrame.Mark mark -> onMark.accept(mark);
                    case WakeFrame.OfWake _, WakeFrame.Unreadable _ -> {}
                }
            }

            @Override
            public void handleCancel(String tag) {
                onBroken.run();
            }
        });
        replyQueue = queue;
    }

    void down() {
        replyQueue = null;
        asked.keySet().forEach(number -> answer(number, false));
    }

    CompletionStage<Boolean> ask() {
        String queue = replyQueue;
        if (queue == null) {
            return CompletableFuture.completedFuture(false);
        }
        long number = numbers.incrementAndGet();
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        asked.put(number, new Asked(answer, System.nanoTime() + PATIENCE_NANOS));
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .replyTo(queue)
                .build();
        byte[] body = new WakeFrame.Probe(number).bytes();
        publisher.publish(List.of(new Publication() {
            @Override
            public OutgoingMessage message() {
                return new OutgoingMessage(RabbitTopology.DUE, RabbitTopology.KEY, properties, body);
            }

            @Override
            public void confirmed() {
                taken.increment(); // In the queue; its return is the reply.
            }

            @Override
            public void unconfirmed(FailureKind failure) {
                answer(number, false);
            }
        }));
        return answer;
    }

    /** A probe arrived from the queue of due wakes. */
    void arrived(WakeFrame.Probe probe, @Nullable String replyTo, Runnable acknowledge) {
        if (replyTo == null || replyTo.equals(replyQueue)) {
            answer(probe.number(), true);
        }
        passOn(probe, replyTo, acknowledge);
    }

    /** Forwards a probe or mark to the server that sent it, unless that is this one, then acknowledges it. */
    void passOn(WakeFrame frame, @Nullable String replyTo, Runnable acknowledge) {
        if (replyTo == null || replyTo.equals(replyQueue)) {
            acknowledge.run();
            return;
        }
        publisher.publish(List.of(new Publication() {
            @Override
            public OutgoingMessage message() {
                return new OutgoingMessage("", replyTo, frame);
            }

            @Override
            public void confirmed() {
                acknowledge.run();
            }

            @Override
            public void unconfirmed(FailureKind failure) {
                // The sender has disconnected, or will send another.
                acknowledge.run();
            }
        }));
    }

    /** This server's reply queue; null while there is none. */
    @Nullable String replyQueue() {
        return replyQueue;
    }

    /** Ends probes past their deadline. Called periodically. */
    void expire() {
        long now = System.nanoTime();
        asked.forEach((number, each) -> {
            if (each.deadline - now <= 0) {
                answer(number, false);
            }
        });
    }

    private void answer(long number, boolean back) {
        Asked each = asked.remove(number);
        if (each != null) {
            each.answer.completeAsync(() -> back, executor);
        }
    }
}
