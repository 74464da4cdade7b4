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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes in RabbitMQ, shared by any number of servers. Thread-safe.
 *
 * <p>A wake is published to a queue of delays ({@link DelayQueues} says which), expires there into the queue of due wakes, is taken from it by some
 * server, hops again if it has a long way to go yet, and is handed on when it is due, to the millisecond ({@link DueBuffer}). {@link RabbitTopology} says what
 * is declared; docs/adr says why.
 *
 * <p>It works without a broker, in that it says so: {@link #schedule} then answers at once that nothing is confirmed, and the connections come up
 * by themselves when the broker is there.
 */
public final class RabbitWakeQueue implements WakeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitWakeQueue.class);
    private static final Duration EXPIRE_EVERY = Duration.ofMillis(250);
    private static final Duration MARK_EVERY = Duration.ofSeconds(1);
    private static final long DECLARE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    /** A moment for another server to pass on a mark of ours. */
    private static final Duration PASSED_ON = Duration.ofMillis(500);
    /** For a moment after connecting nothing can be told about delay queues. */
    private static final long SETTLED_MILLIS = 2_000;

    private static final long NO_ARRIVAL_NANOS = Duration.ofSeconds(8).toNanos();
    private static final int PROBES_MISSED = 3;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final RabbitSettings settings;
    private final InstantSource clock;
    private final DelayQueues delays;
    private final DelayQueueProgress progress = new DelayQueueProgress();
    private final WakeRoutes routes;
    private final Publisher publisher;
    private final ProbeTracker probes;
    private final DueBuffer dueSoon;
    private final BrokerIdentity epoch;
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
    private final AtomicBoolean judging = new AtomicBoolean();
    /** The last arrival that the check of the consumers knows of ({@link System#nanoTime}), and the probes taken by then. By the link's thread. */
    private long arrivalSeen;

    private long takenSeen;

    private record Started(Listener listener, WakeReceiver arrivals) {}

    private RabbitWakeQueue(RabbitSettings settings, DelayQueues delays, MetaStore meta, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.delays = delays;
        routes = new WakeRoutes(clock, delays, progress, settings.deadLetterStrategy());
        publisher = new Publisher("publisher", settings.confirmTimeout());
        probes = new ProbeTracker(publisher, executor);
        dueSoon = new DueBuffer(clock);
        epoch = new BrokerIdentity(meta, publisher::isReady);
        depths = new QueueDepths(this::queues);
        publishing = new RabbitConnection("publish", settings, new PublishingTenant());
        consuming = new RabbitConnection("consume", settings, new ConsumingTenant());
    }

    /** A queue that is not connected yet: {@link #start} begins to. */
    public static RabbitWakeQueue open(RabbitSettings settings, MetaStore meta, InstantSource clock) {
        return open(settings, DelayQueues.standard(), meta, clock);
    }

    /** With other delays than the standard ones. */
    static RabbitWakeQueue open(RabbitSettings settings, DelayQueues delays, MetaStore meta, InstantSource clock) {
        return new RabbitWakeQueue(settings, delays, meta, clock);
    }

    /**
     * Makes queues for exactly these steps of ladders, as far as there is room for them (64 in all); others take several hops. May be called at
     * any time and on any server; those that do not know a delay do without.
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
        every(MARK_EVERY, this::mark);
        every(EXPIRE_EVERY, this::judgeDelayQueues);
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
        // What waits in a queue was put there with no more than what was left of its wait: only one that is late holds
        // back what is due.
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

    /** Brings the consumers in line with what is wanted. By the consuming link's thread. */
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

    /** A broker that confirms nothing takes no wakes either: what is sent now would have to be re-armed. */
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
        // The broker counts neither what it has handed out nor what expired and is not confirmed elsewhere yet.
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

    /** Whether the broker has said that it takes nothing for now: its memory or its disk is full. */
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

    /** Why wakes do not flow, in a sentence for a person; empty when all is well. */
    public Optional<String> problem() {
        return publishing.problem().or(consuming::problem).or(() -> {
            if (publisher.isBlocked()) {
                return Optional.of("RabbitMQ takes no messages for now: it is short of memory or disk");
            }
            return publisher.isSilent()
                    ? Optional.of(
                            "RabbitMQ is connected but does not confirm what is published: a quorum queue may have no"
                                    + " leader, or a majority of the cluster may be away")
                    : Optional.empty();
        });
    }

    /**
     * What happened since the process began.
     *
     * @param published messages sent, hops and marks included
     * @param unconfirmed of what was to be sent, not confirmed, or not sent at all
     * @param returned of those sent, returned as unroutable
     * @param hops wakes that arrived with a long way to go yet and were sent on
     * @param unrouted wakes that could not be routed or died, and were given up as lost
     * @param unreadable messages in the queue of due wakes that were none; dropped
     * @param connects times the consuming connection came up
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

    /** Hands back what is here and not handed on yet, says what was acknowledged, and goes. */
    @Override
    public void close() {
        try {
            paused = true;
            dueSoon.pause();
            consuming.executeNow(this::align, LAST_WORDS);
            publisher.settle(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        epoch.close();
        consuming.closeSoon();
        publishing.closeSoon();
        consuming.close();
        publishing.close();
        publisher.close();
        dueSoon.close();
        ticks.shutdownNow();
        executor.shutdown();
    }

    /** Declares what there should be, then uses it. */
    private void declare(Connection connection) throws IOException, TimeoutException {
        declaring.lock();
        try {
            List<Integer> wanted = delays.wanted();
            Map<Integer, Integer> waiting =
                    RabbitTopology.declareWakes(connection, settings.deadLetterStrategy(), wanted);
            delays.use(wanted);
            // Marks follow what is in there already, whoever put it there.
            waiting.forEach((delay, messages) -> {
                if (messages > 0) {
                    progress.found(delay, clock.millis());
                }
            });
        } finally {
            declaring.unlock();
        }
    }

    /** A wake found no way to the queue of due ones: somebody took away a binding. What is re-armed meanwhile takes the same way. */
    private void declareAgain() {
        long now = System.nanoTime();
        long before = declaredAgain.get();
        if (now - before > DECLARE_AGAIN_NANOS && declaredAgain.compareAndSet(before, now)) {
            LOG.warn("RabbitMQ could not route a wake to {}: all is declared again", RabbitTopology.READY);
            consuming.execute(this::declare);
        }
    }

    private void mark() {
        if (publisher.isReady()) {
            String replyQueue = probes.replyQueue();
            publisher.publish(progress.toMark(clock.millis()).stream()
                    .map(delay -> new MarkPublication(delay, replyQueue))
                    .toList());
        }
    }

    /** A mark that is missing may stand in the queue of due wakes; what a probe sent now does not find there is still in the delay queue. */
    private void judgeDelayQueues() {
        List<Integer> doubtful = progress.doubtful(clock.millis());
        if (doubtful.isEmpty() || paused || judging.getAndSet(true)) {
            return;
        }
        var _ = probes.ask().whenComplete((back, failure) -> {
            if (back == null || !back) {
                judging.set(false);
                return;
            }
            // Another server may be passing the mark on at this moment.
            var _ = ticks.schedule(() -> judge(doubtful), PASSED_ON.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private void judge(List<Integer> doubtful) {
        judging.set(false);
        for (int delay : doubtful) {
            if (progress.judge(delay, clock.millis())) {
                LOG.warn(
                        "RabbitMQ's queue {} does not let go of what has expired: new wakes avoid it, and what is overdue in it"
                                + " is re-armed",
                        name(delay));
            }
        }
    }

    private final class MarkPublication implements Publication {
        private final int delay;
        private final @Nullable String replyTo;
        private volatile long sentAt;

        MarkPublication(int delay, @Nullable String replyTo) {
            this.delay = delay;
            this.replyTo = replyTo;
        }

        @Override
        public Parcel parcel() {
            sentAt = clock.millis();
            return routes.mark(delay, sentAt, replyTo);
        }

        @Override
        public void confirmed() {
            progress.marked(delay, sentAt);
        }

        @Override
        public void unconfirmed(Fate fate) {
            if (isConnected() && progress.refused(delay)) {
                LOG.warn("RabbitMQ's queue {} does not take messages: new wakes avoid it", name(delay));
            }
        }
    }

    /** Whether this process gets none of what the queue of due wakes takes: others do, or nobody does. */
    private void checkArrivals(WakeConsumers here, WakeReceiver receiver) {
        long now = System.nanoTime();
        long taken = probes.taken.sum();
        if (!here.hasRoom() || receiver.lastArrival - arrivalSeen > 0) {
            arrivalSeen = here.hasRoom() ? receiver.lastArrival : now;
            takenSeen = taken;
        } else if (now - arrivalSeen > NO_ARRIVAL_NANOS && taken - takenSeen >= PROBES_MISSED) {
            consuming.restart("nothing of what " + RabbitTopology.READY + " takes is delivered here");
        }
        var _ = probes.ask();
    }

    private final class PublishingTenant implements RabbitConnection.Tenant {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            epoch.look(connection);
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

    private final class ConsumingTenant implements RabbitConnection.Tenant {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            Started to = Objects.requireNonNull(started, "links begin when the queue does");
            epoch.look(connection);
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
            arrivalSeen = System.nanoTime();
            takenSeen = probes.taken.sum();
            progress.consuming(consumingSince);
            connects.increment();
            epoch.remember(connection, () -> {
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
                checkArrivals(here, to.arrivals);
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
