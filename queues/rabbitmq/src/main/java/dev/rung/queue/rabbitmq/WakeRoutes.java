package dev.rung.queue.rabbitmq;

import dev.rung.core.model.Wake;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.queue.rabbitmq.Publication.Parcel;
import java.time.InstantSource;

/** Which way a wake goes next, decided at the moment of sending. Thread-safe. */
record WakeRoutes(InstantSource clock, DelayQueues delays, DelayQueueProgress passing, DeadLetterStrategy strategy) {

    /** Whether one with so much left takes another hop rather than waiting in the process. */
    boolean isFar(long remainingMillis) {
        return delays.next(remainingMillis) > 0;
    }

    /** To a queue of delays, or straight to the queue of due ones. */
    Parcel parcel(Wake wake) {
        long now = clock.millis();
        int delay = delays.next(wake.dueAt() - now);
        if (delay > 0) {
            passing.entered(delay, now);
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

    /** Follows what is in a queue of delays. */
    Parcel mark(int delay, long sentAt) {
        return new Parcel(RabbitTopology.delay(delay, strategy), RabbitTopology.KEY, new WakeFrame.Mark(sentAt, delay));
    }
}
