package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides which attempts may begin: a limit for the process, a limit for each merchant, and a reserve of slots that failing, slow and unknown
 * merchants cannot take. Thread-safe.
 *
 * <p>A delivery without a free slot either waits briefly in memory, if its merchant answers, or is parked in the store. A freed slot is given to
 * the same merchant's next delivery, else to the merchant that has waited longest, good ones first.
 *
 * <p>No callback runs with the lock held: the methods return the necessary {@link BulkheadActions}.
 */
final class Bulkheads {
    private static final int BULKHEADS_MAX = 50_000;
    private static final int WAITING_PER_SLOT = 4;
    /**
     * The longest wait in memory. Other servers' sweepers re-arm a waiting delivery after {@link
     * EngineLimits#ATTEMPT_MUST_HAVE_ENDED}, and its attempt may take all but a second of that time.
     */
    private static final long WAIT_MILLIS_MAX = 500;

    /** The decision about a delivery that requests a slot. */
    enum Entry {
        BEGIN,
        WAIT,
        PARK
    }

    /** The actions after a change: attempts to begin, deliveries to park, deliveries to unpark, timers to set. */
    record BulkheadActions(
            List<InFlightDelivery> begin, List<InFlightDelivery> park, List<Unpark> unpark, List<PaceTimer> timers) {
        static final BulkheadActions NOTHING = new BulkheadActions(List.of(), List.of(), List.of(), List.of());
    }

    /** At that time, epoch milliseconds, {@link #paced} is called. */
    record PaceTimer(BulkheadKey bulkhead, long at) {}

    /** Unpark up to {@code limit} deliveries of a bulkhead, and then call {@link #unparked}. */
    record Unpark(BulkheadKey bulkhead, int limit) {}

    private final InstantSource clock;
    private final int waitingMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<BulkheadKey, Bulkhead> bulkheads = new LinkedHashMap<>(256, 0.75f, true);
    private final EnumMap<Share, ArrayDeque<Bulkhead>> queues = new EnumMap<>(Share.class);
    private final SlotShares slots;
    private int waiting;
    /** Servers that share a receiver's rate. */
    private int servers = 1;

    Bulkheads(InstantSource clock, int slotsMax) {
        this.clock = clock;
        this.slots = new SlotShares(slotsMax);
        this.waitingMax = WAITING_PER_SLOT * slotsMax;
        for (Share share : Share.values()) {
            queues.put(share, new ArrayDeque<>());
        }
    }

    /** Requests a slot for a due delivery. With {@link Entry#BEGIN} the caller begins its attempt. */
    Entry enter(InFlightDelivery inFlight) {
        long now = clock.millis();
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheadOf(inFlight);
            if (inFlight.delivery.urgent()) {
                return enterUrgently(bulkhead, inFlight, now);
            }
            // Deliveries parked earlier have precedence; and an unparked one was.
            boolean unparked = inFlight.from == InFlightDelivery.From.STORE;
            boolean behindParked = bulkhead.holding && !unparked;
            if (!behindParked
                    && bulkhead.waiting.isEmpty()
                    && bulkhead.mayBegin(now)
                    && slots.hasFree(bulkhead.share(now))) {
                take(bulkhead, inFlight, now);
                return Entry.BEGIN;
            }
            inFlight.hold(bulkhead.holdReason(now), now);
            boolean mayWait = unparked
                    || !behindParked && bulkhead.waiting.size() < bulkhead.waitingMax(now) && waiting < waitingMax;
            if (mayWait && !bulkhead.paused) {
                await(bulkhead, inFlight, now);
                return Entry.WAIT;
            }
            return Entry.PARK;
        } finally {
            lock.unlock();
        }
    }

    private Entry enterUrgently(Bulkhead bulkhead, InFlightDelivery inFlight, long now) {
        if (bulkhead.mayBeginUrgently(now) && slots.hasFree()) {
            take(bulkhead, inFlight, now);
            return Entry.BEGIN;
        }
        inFlight.hold(bulkhead.holdReason(now), now);
        if (bulkhead.paused || waiting >= waitingMax) {
            return Entry.PARK;
        }
        await(bulkhead, inFlight, now);
        return Entry.WAIT;
    }

    private void await(Bulkhead bulkhead, InFlightDelivery inFlight, long now) {
        inFlight.waitingSince = now;
        if (inFlight.delivery.urgent()) {
            bulkhead.waiting.addFirst(inFlight);
        } else {
            bulkhead.waiting.add(inFlight);
        }
        waiting++;
        enqueue(bulkhead, now);
    }

    /**
     * What follows an attempt.
     *
     * @param throttled for a throttled attempt, the time until the receiver is tried again; else null
     * @param announced the end of a wait, epoch milliseconds, that other servers do not know; else null
     */
    record Left(
            BulkheadActions actions,
            @Nullable Duration throttled,
            @Nullable Long announced) {}

    /**
     * An attempt ended: its slot is free.
     *
     * @param retryAfter that the receiver asked for; null if none
     */
    Left leave(InFlightDelivery inFlight, Outcome outcome, Duration took, @Nullable Duration retryAfter) {
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheadOf(inFlight);
            release(bulkhead, inFlight);
            Duration throttled = bulkhead.ended(inFlight, outcome, took, clock.millis(), retryAfter);
            return new Left(next(bulkhead), throttled, throttled == null ? null : bulkhead.announceThrottle());
        } finally {
            lock.unlock();
        }
    }

    /** So many servers share the rates of receivers. */
    void setServers(int count) {
        lock.lock();
        try {
            if (servers != count) {
                servers = count;
                bulkheads.values().forEach(bulkhead -> bulkhead.setServers(count));
            }
        } finally {
            lock.unlock();
        }
    }

    int servers() {
        lock.lock();
        try {
            return servers;
        } finally {
            lock.unlock();
        }
    }

    /** Receivers that have asked some server to wait, with the time until which, epoch milliseconds. */
    void throttledElsewhere(Map<ReceiverId, Long> until) {
        lock.lock();
        try {
            until.forEach((receiver, time) -> bulkheads
                    .computeIfAbsent(new BulkheadKey.OfReceiver(receiver), Bulkhead::new)
                    .pace
                    .throttledElsewhere(time));
        } finally {
            lock.unlock();
        }
    }

    /** The time has come at which a receiver's next attempt may begin. */
    BulkheadActions paced(BulkheadKey key) {
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheads.get(key);
            if (bulkhead == null) {
                return BulkheadActions.NOTHING;
            }
            bulkhead.timerAt = 0;
            enqueue(bulkhead, clock.millis());
            return next(bulkhead);
        } finally {
            lock.unlock();
        }
    }

    /** Frees the slot of an attempt that is not made. */
    BulkheadActions leaveUnused(InFlightDelivery inFlight) {
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheadOf(inFlight);
            release(bulkhead, inFlight);
            return next(bulkhead);
        } finally {
            lock.unlock();
        }
    }

    /** Deliveries are parked in the store for these bulkheads. */
    BulkheadActions holding(List<BulkheadKey> keys) {
        lock.lock();
        try {
            for (BulkheadKey key : keys) {
                Bulkhead bulkhead = bulkheads.computeIfAbsent(key, Bulkhead::new);
                bulkhead.holding = true;
                enqueue(bulkhead, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** This many deliveries were unparked, which enter next. If fewer than its limit, no more were parked. */
    BulkheadActions unparked(Unpark unpark, int got) {
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheads.get(unpark.bulkhead());
            if (bulkhead != null) {
                bulkhead.unparking = false;
                bulkhead.holding = got >= unpark.limit();
                enqueue(bulkhead, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** A receiver was paused or resumed, or its limit changed. */
    BulkheadActions changed(ReceiverId id, Receiver receiver) {
        lock.lock();
        try {
            Bulkhead bulkhead = bulkheads.get(new BulkheadKey.OfReceiver(id));
            if (bulkhead == null) {
                return BulkheadActions.NOTHING;
            }
            configure(bulkhead, receiver);
            if (bulkhead.paused) {
                List<InFlightDelivery> park = takeWaiting(bulkhead);
                park.forEach(each -> each.hold(HoldReason.PAUSE, clock.millis()));
                return new BulkheadActions(List.of(), park, List.of(), List.of());
            }
            enqueue(bulkhead, clock.millis());
            return next(bulkhead);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Parks deliveries that wait for a merchant that hangs now, and those that have waited too long. Called several times a second.
     */
    BulkheadActions tick() {
        long now = clock.millis();
        lock.lock();
        try {
            List<InFlightDelivery> park = new ArrayList<>();
            if (waiting > 0) {
                for (Bulkhead bulkhead : bulkheads.values()) {
                    if (bulkhead.share(now) == Share.FAILING && !bulkhead.hasFreeSlot()) {
                        park.addAll(takeWaiting(bulkhead));
                    } else {
                        takeWaitingTooLong(bulkhead, now, park);
                    }
                }
            }
            BulkheadActions next = next(null);
            return park.isEmpty() ? next : new BulkheadActions(next.begin(), park, next.unpark(), next.timers());
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns everything that waits: the process drains. */
    List<InFlightDelivery> clear() {
        lock.lock();
        try {
            List<InFlightDelivery> all = new ArrayList<>();
            for (Bulkhead bulkhead : bulkheads.values()) {
                all.addAll(takeWaiting(bulkhead));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    ReceiverHealth health(ReceiverId id) {
        lock.lock();
        try {
            BulkheadKey key = new BulkheadKey.OfReceiver(id);
            Bulkhead bulkhead = bulkheads.get(key);
            return (bulkhead == null ? new Bulkhead(key) : bulkhead).health(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    /** Receivers that this process has delivered to, by standing. */
    Map<ReceiverHealth.Standing, Integer> standings() {
        lock.lock();
        try {
            Map<ReceiverHealth.Standing, Integer> counts = new EnumMap<>(ReceiverHealth.Standing.class);
            for (Bulkhead bulkhead : bulkheads.values()) {
                if (bulkhead.key instanceof BulkheadKey.OfChannel) {
                    continue;
                }
                counts.merge(bulkhead.health(clock.millis()).standing(), 1, Integer::sum);
            }
            return counts;
        } finally {
            lock.unlock();
        }
    }

    int inFlight() {
        lock.lock();
        try {
            return slots.inUse();
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private Bulkhead bulkheadOf(InFlightDelivery inFlight) {
        Bulkhead bulkhead = bulkheads.get(inFlight.bulkhead);
        if (bulkhead == null) {
            if (bulkheads.size() >= BULKHEADS_MAX) {
                removeIdle();
            }
            bulkhead = new Bulkhead(inFlight.bulkhead);
            bulkheads.put(inFlight.bulkhead, bulkhead);
        }
        if (inFlight.bulkhead instanceof BulkheadKey.OfReceiver && inFlight.receiver != null) {
            configure(bulkhead, inFlight.receiver);
        }
        return bulkhead;
    }

    private void configure(Bulkhead bulkhead, Receiver receiver) {
        bulkhead.setLimitMax(receiver.maxInFlight());
        bulkhead.paused = receiver.paused();
        bulkhead.setRate(receiver.rate(), servers);
    }

    /** Removes the bulkhead that has been idle longest; its merchant will be unknown again. */
    private void removeIdle() {
        for (Iterator<Bulkhead> it = bulkheads.values().iterator(); it.hasNext(); ) {
            Bulkhead bulkhead = it.next();
            if (bulkhead.isIdle() && !bulkhead.enqueued) {
                it.remove();
                return;
            }
        }
    }

    private void take(Bulkhead bulkhead, InFlightDelivery inFlight, long now) {
        Share share = bulkhead.share(now);
        inFlight.share = share;
        inFlight.startedAt = now;
        bulkhead.pace.started(now, inFlight.delivery.urgent());
        bulkhead.inFlight.add(inFlight);
        slots.take(share);
    }

    private void release(Bulkhead bulkhead, InFlightDelivery inFlight) {
        Share share = inFlight.share;
        if (share != null && bulkhead.inFlight.remove(inFlight)) {
            slots.release(share);
            inFlight.share = null;
        }
    }

    private List<InFlightDelivery> takeWaiting(Bulkhead bulkhead) {
        List<InFlightDelivery> taken = List.copyOf(bulkhead.waiting);
        waiting -= taken.size();
        bulkhead.waiting.clear();
        return taken;
    }

    private void takeWaitingTooLong(Bulkhead bulkhead, long now, List<InFlightDelivery> taken) {
        while (!bulkhead.waiting.isEmpty() && now - bulkhead.waiting.getFirst().waitingSince >= WAIT_MILLIS_MAX) {
            taken.add(bulkhead.waiting.remove());
            waiting--;
        }
    }

    private void enqueue(Bulkhead bulkhead, long now) {
        if (!bulkhead.enqueued && bulkhead.wantsSlot()) {
            bulkhead.enqueued = true;
            queue(bulkhead.share(now)).add(bulkhead);
        }
    }

    private ArrayDeque<Bulkhead> queue(Share share) {
        return Objects.requireNonNull(queues.get(share));
    }

    /** Assigns free slots: to the merchant whose slot was freed, then in the order of the queues. */
    private BulkheadActions next(@Nullable Bulkhead first) {
        long now = clock.millis();
        List<InFlightDelivery> begin = new ArrayList<>();
        List<Unpark> unpark = new ArrayList<>();
        List<PaceTimer> timers = new ArrayList<>(0);
        if (first != null) {
            serve(first, now, begin, unpark, timers);
            enqueue(first, now);
        }
        for (Share share : Share.values()) {
            ArrayDeque<Bulkhead> queue = queue(share);
            for (int n = queue.size(); n > 0 && slots.hasFree(share); n--) {
                Bulkhead bulkhead = queue.remove();
                bulkhead.enqueued = false;
                serve(bulkhead, now, begin, unpark, timers);
                // Without a free slot of its own it need not queue: the end of its own attempt serves it, or its timer.
                if (bulkhead.mayBegin(now)) {
                    enqueue(bulkhead, now);
                }
            }
        }
        return begin.isEmpty() && unpark.isEmpty() && timers.isEmpty()
                ? BulkheadActions.NOTHING
                : new BulkheadActions(begin, List.of(), unpark, timers);
    }

    private void serve(
            Bulkhead bulkhead, long now, List<InFlightDelivery> begin, List<Unpark> unpark, List<PaceTimer> timers) {
        while (!bulkhead.waiting.isEmpty() && mayBegin(bulkhead, now)) {
            InFlightDelivery inFlight = bulkhead.waiting.remove();
            waiting--;
            take(bulkhead, inFlight, now);
            begin.add(inFlight);
        }
        int wanted = slots.hasFree(bulkhead.share(now)) ? bulkhead.unparkLimit(now) : 0;
        if (wanted > 0) {
            bulkhead.unparking = true;
            unpark.add(new Unpark(bulkhead.key, wanted));
        }
        boolean urgent = !bulkhead.waiting.isEmpty()
                && bulkhead.waiting.getFirst().delivery.urgent();
        if (bulkhead.wantsSlot() && bulkhead.hasFreeSlot() && !bulkhead.pace.mayStart(now, urgent)) {
            long at = bulkhead.pace.nextStart(now, urgent);
            if (bulkhead.timerAt == 0 || at < bulkhead.timerAt) {
                bulkhead.timerAt = at;
                timers.add(new PaceTimer(bulkhead.key, at));
            }
        }
    }

    /** Whether the first that waits may begin. */
    private boolean mayBegin(Bulkhead bulkhead, long now) {
        return bulkhead.waiting.getFirst().delivery.urgent()
                ? bulkhead.mayBeginUrgently(now) && slots.hasFree()
                : bulkhead.mayBegin(now) && slots.hasFree(bulkhead.share(now));
    }
}
