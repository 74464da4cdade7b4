package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.rung.core.model.Wake;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.queue.rabbitmq.Publication.OutgoingMessage;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Chooses the next queue for a wake when it is sent. Thread-safe. */
record WakeRoutes(InstantSource clock, DelayQueues delays, DelayQueueProgress progress, DeadLetterStrategy strategy) {

    /** Whether a wake with this remaining time takes another hop instead of waiting in the process. */
    boolean isFar(long remainingMillis) {
        return delays.next(remainingMillis, progress::isAvoided) > 0;
    }

    /** A delay queue, or the queue of due wakes directly. */
    OutgoingMessage message(Wake wake) {
        long now = clock.millis();
        int delay = delays.next(wake.dueAt() - now, progress::isAvoided);
        if (delay > 0) {
            progress.entered(delay, now);
            return new OutgoingMessage(
                    RabbitTopology.delay(delay, strategy),
                    RabbitTopology.KEY,
                    new WakeFrame.OfWake(wake, false, now, delay));
        }
        return handedOn(wake, false, now);
    }

    OutgoingMessage handedBack(Wake wake, boolean redelivered) {
        return handedOn(wake, redelivered, clock.millis());
    }

    private static OutgoingMessage handedOn(Wake wake, boolean redelivered, long now) {
        return new OutgoingMessage(
                RabbitTopology.DUE, RabbitTopology.KEY, new WakeFrame.OfWake(wake, redelivered, now, 0));
    }

    /** A mark for a delay queue; the server that receives it forwards it to this reply queue. */
    OutgoingMessage mark(int delay, long sentAt, @Nullable String replyTo) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .replyTo(replyTo)
                .build();
        return new OutgoingMessage(
                RabbitTopology.delay(delay, strategy),
                RabbitTopology.KEY,
                properties,
                new WakeFrame.Mark(sentAt, delay).bytes());
    }
}
