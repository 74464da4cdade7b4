package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue;
import dev.rung.queue.rabbitmq.Acknowledger.PendingAck;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles each message from the queue of due wakes: a wake that is due or nearly due goes to the {@link DueBuffer}, one with a longer
 * remaining wait takes another hop. The server that had a redelivered wake may not know yet that it lost it: it may attempt the wake, or have
 * sent it on, at any time. Thread-safe.
 */
final class WakeReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(WakeReceiver.class);

    private final InstantSource clock;
    private final WakeRoutes routes;
    private final Publisher publisher;
    private final ProbeTracker probes;
    private final DueBuffer dueSoon;
    private final WakeQueue.Listener listener;

    /** Time of the last message, {@link System#nanoTime}. */
    volatile long lastArrival = System.nanoTime();

    final LongAdder hops = new LongAdder();
    final LongAdder unreadable = new LongAdder();

    WakeReceiver(
            InstantSource clock,
            WakeRoutes routes,
            Publisher publisher,
            ProbeTracker probes,
            DueBuffer dueSoon,
            WakeQueue.Listener listener) {
        this.clock = clock;
        this.routes = routes;
        this.publisher = publisher;
        this.probes = probes;
        this.dueSoon = dueSoon;
        this.listener = listener;
    }

    void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body, PendingAck pendingAck) {
        lastArrival = System.nanoTime();
        switch (WakeFrame.read(body)) {
            case WakeFrame.OfWake wake -> arrived(wake, isRedelivered(envelope, properties), pendingAck);
            case WakeFrame.Mark(long sentAt, int delay) -> {
                released(delay, sentAt);
                probes.passOn(new WakeFrame.Mark(sentAt, delay), properties.getReplyTo(), pendingAck::done);
            }
            case WakeFrame.Probe probe -> {
                String replyTo = properties.getReplyTo();
                dueSoon.then(() -> probes.arrived(probe, replyTo, pendingAck::done));
            }
            case WakeFrame.Unreadable() -> {
                unreadable.increment();
                pendingAck.done();
            }
        }
    }

    /** A message arrived from a delay queue, here or at another server. */
    void released(int delay, long sentAt) {
        if (routes.progress().arrived(delay, sentAt)) {
            LOG.info(
                    "RabbitMQ's queue {} releases expired messages again",
                    RabbitTopology.delay(delay, routes.strategy()));
        }
    }

    private static boolean isRedelivered(Envelope envelope, AMQP.BasicProperties properties) {
        return envelope.isRedeliver()
                || (properties.getHeaders() != null
                        && properties.getHeaders().get("x-delivery-count") instanceof Number count
                        && count.longValue() > 0);
    }

    private void arrived(WakeFrame.OfWake message, boolean redelivered, PendingAck pendingAck) {
        Wake wake = message.wake();
        if (message.delay() > 0) {
            released(message.delay(), message.sentAt());
        }
        boolean again = redelivered || message.redelivered();
        if (!routes.isFar(wake.dueAt() - clock.millis())) {
            dueSoon.add(new WakeQueue.WakeMessage(wake, again, new Receipt(wake, again, pendingAck)));
        } else if (again) {
            mayBeLost(wake);
            pendingAck.done();
        } else {
            hops.increment();
            publisher.publish(List.of(new Hop(wake, pendingAck)));
        }
    }

    /** One that is due soon may be attempted all the same: it is left to the sweeper. */
    private void mayBeLost(Wake wake) {
        if (wake.dueAt() > clock.millis() + WakeQueue.REARM_AHEAD.toMillis()) {
            listener.lost(List.of(wake));
        }
    }

    /** Publishes it to the next delay queue; if that is not confirmed, it must not be published again under the same wake number. */
    private final class Hop implements Publication {
        private final Wake wake;
        private final PendingAck pendingAck;

        Hop(Wake wake, PendingAck pendingAck) {
            this.wake = wake;
            this.pendingAck = pendingAck;
        }

        @Override
        public OutgoingMessage message() {
            return routes.message(wake);
        }

        @Override
        public void confirmed() {
            pendingAck.done();
        }

        @Override
        public void unconfirmed(FailureKind failure) {
            if (pendingAck.isOpen()) {
                mayBeLost(wake);
                pendingAck.done();
            }
        }
    }

    private final class Receipt implements WakeQueue.Receipt, Publication {
        private final Wake wake;
        private final boolean redelivered;
        private final PendingAck pendingAck;
        private boolean ended;

        Receipt(Wake wake, boolean redelivered, PendingAck pendingAck) {
            this.wake = wake;
            this.redelivered = redelivered;
            this.pendingAck = pendingAck;
        }

        private synchronized boolean end() {
            boolean first = !ended;
            ended = true;
            return first;
        }

        @Override
        public void acknowledge() {
            if (end()) {
                pendingAck.done();
            }
        }

        /** Publishes it again as new; a requeued message would be flagged as redelivered. */
        @Override
        public void handBack() {
            if (end() && pendingAck.isOpen()) {
                publisher.publish(List.of(this));
            }
        }

        @Override
        public synchronized boolean isOpen() {
            return !ended && pendingAck.isOpen();
        }

        @Override
        public OutgoingMessage message() {
            return routes.handedBack(wake, redelivered);
        }

        @Override
        public void confirmed() {
            pendingAck.done();
        }

        @Override
        public void unconfirmed(FailureKind failure) {
            switch (failure) {
                case NOT_TAKEN -> pendingAck.requeue();
                case UNKNOWN -> {
                    if (pendingAck.isOpen()) {
                        mayBeLost(wake);
                        pendingAck.done();
                    }
                }
            }
        }
    }
}
