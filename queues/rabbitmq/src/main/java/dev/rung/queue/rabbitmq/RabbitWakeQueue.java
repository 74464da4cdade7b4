package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.rung.core.model.Wake;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.WakeQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules wakes with RabbitMQ, for any number of servers. Thread-safe.
 *
 * <p>A wake is published to a delay queue (chosen by {@link DelayQueues}) and expires there into the queue of due wakes. A server receives it from
 * there, publishes it to another delay queue if much of its wait is left, and otherwise delivers it at the exact time ({@link DueBuffer}).
 * {@link RabbitTopology} declares the queues; docs/adr has the reasons.
 *
 * <p>Without a broker, {@link #schedule} reports at once that nothing is confirmed. The connections are established in the background.
 */
public final class RabbitWakeQueue implements WakeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitWakeQueue.class);
    private static final Duration EXPIRE_EVERY = Duration.ofMillis(250);
    private static final Duration MARK_EVERY = Duration.ofSeconds(1);
    private static final long DECLARE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    /** After connecting, nothing is known about delay queues for this long. */
    private static final long SETTLED_MILLIS = 2_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final RabbitSettings settings;
    private final InstantSource clock;
    private final DelayQueues delays;
    private final DelayQueueProgress progress = new DelayQueueProgress();
    private final WakeRoutes routes;
    private final Publisher publisher;
    private final ProbeTracker probes;
    private final DelayQueueMonitor delayQueueMonitor;
    private final ArrivalWatchdog arrivalWatchdog;
    private final DueBuffer dueSoon;
    private final BrokerIdentity identity;
    private final QueueDepths depths;
    private final RabbitConnection publishing;
    private final RabbitConnection consuming;
    private final LongAdder unrouted = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final AtomicLong declaredAgain = new AtomicLong(System.nanoTime() - DECLARE_AGAIN_NANOS);
    private final ReentrantLock declaring = new ReentrantLock();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rung-rabbitmq-tick").factory());
    private volatile @Nullable Started started;
    private volatile @Nullable WakeConsumers consumers;
    private volatile boolean paused;
    private volatile long consumingSince = Long.MAX_VALUE / 2;

    private record Started(Listener listener, WakeReceiver arrivals) {}

    private RabbitWakeQueue(RabbitSettings settings, DelayQueues delays, MetaStore meta, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.delays = delays;
        routes = new WakeRoutes(clock, delays, progress, settings.deadLetterStrategy());
        publisher = new Publisher("publisher", settings.confirmTimeout());
        probes = new ProbeTracker(publisher, executor);
        delayQueueMonitor = new DelayQueueMonitor(clock, progress, routes, publisher, probes, ticks, this::name);
        arrivalWatchdog = new ArrivalWatchdog(probes);
        dueSoon = new DueBuffer(clock);
        identity = new BrokerIdentity(meta, publisher::isReady);
        depths = new QueueDepths(this::queues);
        publishing = new RabbitConnection("publish", settings, new PublishingListener());
        consuming = new RabbitConnection("consume", settings, new ConsumingListener());
    }

    /** Creates a queue that is not connected yet; {@link #start} connects it. */
    public static RabbitWakeQueue open(RabbitSettings settings, MetaStore meta, InstantSource clock) {
        return open(settings, DelayQueues.standard(), meta, clock);
    }

    /** Creates a queue with delays other than the standard ones. */
    static RabbitWakeQueue open(RabbitSettings settings, DelayQueues delays, MetaStore meta, InstantSource clock) {
        return new RabbitWakeQueue(settings, delays, meta, clock);
    }

    /**
     * Declares delay queues for these ladder steps, up to 64 delays in total; further steps take several hops. May be called at any time and on any
     * server; servers that do not know a delay take several hops instead.
     */
    public void addDelays(Collection<Duration> steps) {
        if (delays.add(steps)) {
            publishing.execute(this::declare);
        }
    }

    @Override
    public void start(Listener listener) {
        if (started != null) {
            throw new IllegalStateException("started before");
        }
        started = new Started(listener, new WakeReceiver(clock, routes, publisher, probes, dueSoon, listener));
        dueSoon.start(listener);
        every(EXPIRE_EVERY, () -> {
            publisher.expire();
            probes.expire();
        });
        every(MARK_EVERY, delayQueueMonitor::sendMarks);
        every(EXPIRE_EVERY, () -> {
            if (!paused) {
                delayQueueMonitor.judgeLateQueues();
            }
        });
        publishing.start();
        consuming.start();
    }

    private void every(Duration pause, Runnable task) {
        var _ = ticks.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("a periodic task failed; it is run again", e);
                    }
                },
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<List<Wake>> schedule(List<Wake> wakes) {
        if (wakes.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return new ScheduledBatch(wakes, routes, executor).publish(publisher);
    }

    @Override
    public Duration horizon() {
        return DelayQueues.HORIZON;
    }

    @Override
    public CompletionStage<Boolean> probe() {
        return probes.ask();
    }

    @Override
    public boolean mayStillHold(long dueAt) {
        long now = clock.millis();
        // A wake is published with at most the rest of its wait as its expiry, so only a queue that is late holds due
        // wakes.
        return now - consumingSince < SETTLED_MILLIS
                || delays.list().stream().anyMatch(delay -> progress.mayStillRelease(delay, dueAt, now));
    }

    @Override
    public boolean isHeldBack(long dueAt) {
        return delays.list().stream().anyMatch(delay -> progress.isHoldingBack(delay, dueAt));
    }

    @Override
    public long resumptions() {
        return progress.resumptions();
    }

    @Override
    public void pause() {
        paused = true;
        dueSoon.pause();
        consuming.execute(this::align);
    }

    @Override
    public void resume() {
        paused = false;
        dueSoon.resume();
        consuming.execute(this::align);
    }

    /** Pauses or resumes the consumers as wanted. Called on the consuming connection's thread. */
    private void align(Connection connection) throws IOException {
        WakeConsumers consumers = this.consumers;
        if (consumers == null) {
            return;
        }
        if (paused) {
            consumers.pause();
            dueSoon.handBack();
        } else {
            consumers.resume();
        }
    }

    /** False also while the broker confirms nothing: wakes sent to it would have to be re-armed. */
    @Override
    public boolean isConnected() {
        return publisher.isReady() && !publisher.isSilent();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Map<String, Long> depths() {
        Map<String, Long> all = new LinkedHashMap<>(depths.now());
        // The broker counts neither unacknowledged messages nor expired ones that are not yet confirmed by the next
        // queue.
        WakeConsumers here = consumers;
        if (here != null) {
            all.computeIfPresent(RabbitTopology.READY, (queue, ready) -> ready + here.unacknowledged());
        }
        delays.list()
                .forEach(delay ->
                        all.computeIfPresent(name(delay), (queue, ready) -> Math.max(ready, progress.waiting(delay))));
        return all;
    }

    private String name(int delay) {
        return RabbitTopology.delay(delay, settings.deadLetterStrategy());
    }

    @Override
    public long stalls() {
        return progress.stalls();
    }

    /** Whether the broker has blocked publishers because its memory or disk is full. */
    public boolean isBlocked() {
        return publisher.isBlocked();
    }

    @Override
    public List<String> stalledQueues() {
        return progress.avoided().stream().map(this::name).toList();
    }

    private List<String> queues() {
        List<String> queues = new ArrayList<>(
                List.of(RabbitTopology.READY, RabbitTopology.UNROUTED, RabbitTopology.INTAKE, RabbitTopology.REJECTED));
        delays.list().forEach(delay -> queues.add(name(delay)));
        return queues;
    }

    /** Why wakes do not flow, as a sentence for operators; empty if they do. */
    public Optional<String> problem() {
        return publishing.problem().or(consuming::problem).or(() -> {
            if (publisher.isBlocked()) {
                return Optional.of("RabbitMQ accepts no messages: it is short of memory or disk");
            }
            return publisher.isSilent()
                    ? Optional.of(
                            "RabbitMQ is connected but does not confirm what is published: a quorum queue may have no"
                                    + " leader, or a majority of the cluster may be away")
                    : Optional.empty();
        });
    }

    /**
     * Counts since the start of the process.
     *
     * @param published messages sent, hops and marks included
     * @param unconfirmed messages that were not confirmed, or not sent at all
     * @param returned messages that were returned as unroutable
     * @param hops wakes that were published to a further delay queue
     * @param unrouted wakes that could not be routed or were dropped by a queue, and count as lost
     * @param unreadable messages in the queue of due wakes that were not wakes; dropped
     * @param connects how often the consuming connection was established
     */
    public record Counts(
            long published,
            long unconfirmed,
            long returned,
            long hops,
            long unrouted,
            long unreadable,
            long connects) {}

    public Counts counts() {
        Started now = started;
        return new Counts(
                publisher.published.sum(),
                publisher.unconfirmed.sum(),
                publisher.returned.sum(),
                now == null ? 0 : now.arrivals.hops.sum(),
                unrouted.sum(),
                now == null ? 0 : now.arrivals.unreadable.sum(),
                connects.sum());
    }

    /** Returns undelivered wakes to the broker, flushes acknowledgements and closes the connections. */
    @Override
    public void close() {
        try {
            paused = true;
            dueSoon.pause();
            consuming.executeNow(this::align, CLOSE_TIMEOUT);
            publisher.settle(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        identity.close();
        consuming.closeSoon();
        publishing.closeSoon();
        consuming.close();
        publishing.close();
        publisher.close();
        dueSoon.close();
        ticks.shutdownNow();
        executor.shutdown();
    }

    /** Declares the queues, then uses them. */
    private void declare(Connection connection) throws IOException, TimeoutException {
        declaring.lock();
        try {
            List<Integer> wanted = delays.wanted();
            Map<Integer, Integer> waiting =
                    RabbitTopology.declareWakes(connection, settings.deadLetterStrategy(), wanted);
            delays.use(wanted);
            // Marks queue up behind the messages that are there already, from any server.
            waiting.forEach((delay, messages) -> {
                if (messages > 0) {
                    progress.found(delay, clock.millis());
                }
            });
        } finally {
            declaring.unlock();
        }
    }

    /** A wake could not be routed to the queue of due wakes: a binding was removed. Re-armed wakes would be lost in the same way. */
    private void declareAgain() {
        long now = System.nanoTime();
        long before = declaredAgain.get();
        if (now - before > DECLARE_AGAIN_NANOS && declaredAgain.compareAndSet(before, now)) {
            LOG.warn("RabbitMQ could not route a wake to {}: declaring the topology again", RabbitTopology.READY);
            consuming.execute(this::declare);
        }
    }

    private final class PublishingListener implements RabbitConnection.ConnectionListener {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            identity.checkBeforeDeclare(connection);
            declare(connection);
            publisher.up(
                    connection,
                    (exchange, reply) -> {
                        if (!exchange.isEmpty()) {
                            publishing.restart("RabbitMQ returned a message for " + exchange + ": " + reply);
                        }
                    },
                    () -> publishing.restart("publishing failed"));
        }

        @Override
        public void down() {
            publisher.down();
        }
    }

    private final class ConsumingListener implements RabbitConnection.ConnectionListener {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            Started to = Objects.requireNonNull(started, "connections are started by start()");
            identity.checkBeforeDeclare(connection);
            declare(connection);
            depths.up(connection);
            probes.up(
                    connection.createChannel(),
                    mark -> to.arrivals.released(mark.delay(), mark.sentAt()),
                    () -> consuming.restart("replies to probes are cut off"));
            consumers = new WakeConsumers(
                    connection,
                    settings.prefetch(),
                    to.arrivals,
                    (wake, died) -> {
                        unrouted.increment();
                        to.listener.lost(List.of(wake));
                        if (!died) {
                            declareAgain();
                        }
                    },
                    consuming);
            align(connection);
            consumingSince = clock.millis();
            arrivalWatchdog.reset();
            progress.consuming(consumingSince);
            connects.increment();
            identity.ensure(connection, () -> {
                progress.forgotten();
                return to.listener.forgotten();
            });
        }

        @Override
        public void check(Connection connection) throws IOException {
            WakeConsumers here = consumers;
            Started to = started;
            if (here != null && to != null) {
                here.check();
                if (arrivalWatchdog.hasStopped(here, to.arrivals)) {
                    consuming.restart("nothing of what " + RabbitTopology.READY + " accepts is delivered here");
                }
            }
        }

        @Override
        public void down() {
            progress.notConsuming();
            consumingSince = Long.MAX_VALUE / 2;
            WakeConsumers gone = consumers;
            consumers = null;
            if (gone != null) {
                gone.close();
            }
            dueSoon.forget();
            probes.down();
            depths.down();
        }
    }
}
