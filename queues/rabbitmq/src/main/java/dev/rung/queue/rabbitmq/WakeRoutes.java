package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.rung.core.model.Wake;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.queue.rabbitmq.Publication.Parcel;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Which way a wake goes next, decided at the moment of sending. Thread-safe. */
record WakeRoutes(InstantSource clock, DelayQueues delays, DelayQueueProgress progress, DeadLetterStrategy strategy) {

    /** Whether one with so much left takes another hop rather than waiting in the process. */
    boolean isFar(long remainingMillis) {
        return delays.next(remainingMillis, progress::isAvoided) > 0;
    }

    /** To a queue of delays, or straight to the queue of due ones. */
    Parcel parcel(Wake wake) {
        long now = clock.millis();
        int delay = delays.next(wake.dueAt() - now, progress::isAvoided);
        if (delay > 0) {
            progress.entered(delay, now);
            return new Parcel(
                    RabbitTopology.delay(delay, strategy),
                    RabbitTopology.KEY,
                    new WakeFrame.OfWake(wake, false, now, delay));
        }
        return handedOn(wake, false, now);
    }

    Parcel handedBack(Wake wake, boolean redelivered) {
        return handedOn(wake, redelivered, clock.millis());
    }

    private static Parcel handedOn(Wake wake, boolean redelivered, long now) {
        return new Parcel(RabbitTopology.DUE, RabbitTopology.KEY, new WakeFrame.OfWake(wake, redelivered, now, 0));
    }

    /** Follows what is in a queue of delays; whichever server takes it passes it on to this queue of replies. */
    Parcel mark(int delay, long sentAt, @Nullable String replyTo) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .replyTo(replyTo)
                .build();
        return new Parcel(
                RabbitTopology.delay(delay, strategy),
                RabbitTopology.KEY,
                properties,
                new WakeFrame.Mark(sentAt, delay).bytes());
    }
}
