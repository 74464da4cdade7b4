package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
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

    /** The actions after a change: attempts to begin, deliveries to park, bulkheads whose parked deliveries can be pulled. */
    record BulkheadActions(List<InFlightDelivery> begin, List<InFlightDelivery> park, List<Pull> pull) {
        static final BulkheadActions NOTHING = new BulkheadActions(List.of(), List.of(), List.of());
    }

    /** Unpark up to {@code limit} deliveries of a bulkhead, and then call {@link #pulled}. */
    record Pull(BulkheadKey bulkhead, int limit) {}

    private final InstantSource clock;
    private final int slotsMax;
    private final int waitingMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<BulkheadKey, MerchantBulkhead> bulkheads = new LinkedHashMap<>(256, 0.75f, true);
    private final EnumMap<Share, ArrayDeque<MerchantBulkhead>> queues = new EnumMap<>(Share.class);
    /** Slots in use by merchants that counted as failing when they took them. */
    private int usedByFailing;
    /** The same for unknown ones. */
    private int usedByUnknown;

    private int inFlight;
    private int waiting;

    Bulkheads(InstantSource clock, int slotsMax) {
        this.clock = clock;
        this.slotsMax = slotsMax;
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
            MerchantBulkhead bulkhead = bulkheadOf(inFlight);
            // Deliveries parked earlier have precedence; a pulled one was parked earlier.
            boolean pulled = inFlight.from == InFlightDelivery.From.STORE;
            boolean behindParked = bulkhead.holding && !pulled;
            if (!behindParked
                    && bulkhead.waiting.isEmpty()
                    && bulkhead.hasFreeSlot()
                    && hasSlotFor(bulkhead.share(now))) {
                take(bulkhead, inFlight, now);
                return Entry.BEGIN;
            }
            boolean mayWait = pulled
                    || !behindParked && bulkhead.waiting.size() < bulkhead.waitingMax(now) && waiting < waitingMax;
            if (mayWait && !bulkhead.paused) {
                inFlight.waitingSince = now;
                bulkhead.waiting.add(inFlight);
                waiting++;
                enqueue(bulkhead, now);
                return Entry.WAIT;
            }
            return Entry.PARK;
        } finally {
            lock.unlock();
        }
    }

    /** An attempt ended: its slot is free. */
    BulkheadActions leave(InFlightDelivery inFlight, Outcome outcome, Duration took) {
        lock.lock();
        try {
            MerchantBulkhead bulkhead = bulkheadOf(inFlight);
            release(bulkhead, inFlight);
            bulkhead.ended(outcome, took);
            return next(bulkhead);
        } finally {
            lock.unlock();
        }
    }

    /** Frees the slot of an attempt that is not made. */
    BulkheadActions leaveUnused(InFlightDelivery inFlight) {
        lock.lock();
        try {
            MerchantBulkhead bulkhead = bulkheadOf(inFlight);
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
                MerchantBulkhead bulkhead = bulkheads.computeIfAbsent(key, MerchantBulkhead::new);
                bulkhead.holding = true;
                enqueue(bulkhead, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** A pull has returned this many deliveries, which enter next. If fewer than its limit, no more were parked. */
    BulkheadActions pulled(Pull pull, int got) {
        lock.lock();
        try {
            MerchantBulkhead bulkhead = bulkheads.get(pull.bulkhead());
            if (bulkhead != null) {
                bulkhead.pulling = false;
                bulkhead.holding = got >= pull.limit();
                enqueue(bulkhead, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** A merchant was paused or resumed, or its limit changed. */
    BulkheadActions changed(Merchant merchant) {
        lock.lock();
        try {
            MerchantBulkhead bulkhead = bulkheads.get(new BulkheadKey.OfMerchant(merchant.id()));
            if (bulkhead == null) {
                return BulkheadActions.NOTHING;
            }
            bulkhead.setLimitMax(merchant.receiver().maxInFlight());
            bulkhead.paused = merchant.receiver().paused();
            if (bulkhead.paused) {
                return new BulkheadActions(List.of(), takeWaiting(bulkhead), List.of());
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
                for (MerchantBulkhead bulkhead : bulkheads.values()) {
                    if (bulkhead.share(now) == Share.FAILING && !bulkhead.hasFreeSlot()) {
                        park.addAll(takeWaiting(bulkhead));
                    } else {
                        takeWaitingTooLong(bulkhead, now, park);
                    }
                }
            }
            BulkheadActions next = next(null);
            return park.isEmpty() ? next : new BulkheadActions(next.begin(), park, next.pull());
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns everything that waits: the process drains. */
    List<InFlightDelivery> clear() {
        lock.lock();
        try {
            List<InFlightDelivery> all = new ArrayList<>();
            for (MerchantBulkhead bulkhead : bulkheads.values()) {
                all.addAll(takeWaiting(bulkhead));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    MerchantHealth health(MerchantId id) {
        lock.lock();
        try {
            BulkheadKey key = new BulkheadKey.OfMerchant(id);
            MerchantBulkhead bulkhead = bulkheads.get(key);
            return (bulkhead == null ? new MerchantBulkhead(key) : bulkhead).health(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    /** Merchants that this process has delivered to, by standing. */
    Map<MerchantHealth.Standing, Integer> standings() {
        lock.lock();
        try {
            Map<MerchantHealth.Standing, Integer> counts = new EnumMap<>(MerchantHealth.Standing.class);
            for (MerchantBulkhead bulkhead : bulkheads.values()) {
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
            return inFlight;
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

    private MerchantBulkhead bulkheadOf(InFlightDelivery inFlight) {
        MerchantBulkhead bulkhead = bulkheads.get(inFlight.bulkhead);
        if (bulkhead == null) {
            if (bulkheads.size() >= BULKHEADS_MAX) {
                removeIdle();
            }
            bulkhead = new MerchantBulkhead(inFlight.bulkhead);
            bulkheads.put(inFlight.bulkhead, bulkhead);
        }
        if (inFlight.bulkhead instanceof BulkheadKey.OfMerchant) {
            bulkhead.setLimitMax(inFlight.merchant.receiver().maxInFlight());
            bulkhead.paused = inFlight.merchant.receiver().paused();
        }
        return bulkhead;
    }

    /** Removes the bulkhead that has been idle longest; its merchant will be unknown again. */
    private void removeIdle() {
        for (Iterator<MerchantBulkhead> it = bulkheads.values().iterator(); it.hasNext(); ) {
            MerchantBulkhead bulkhead = it.next();
            if (bulkhead.isIdle() && !bulkhead.enqueued) {
                it.remove();
                return;
            }
        }
    }

    /**
     * Good merchants may use every slot. The others share half of the slots, and those that fail or hang a quarter, so that even a thousand of
     * them leave slots for good and new merchants.
     */
    private boolean hasSlotFor(Share share) {
        int notGood = usedByFailing + usedByUnknown;
        return inFlight < slotsMax
                && switch (share) {
                    case GOOD -> true;
                    case UNKNOWN -> notGood < slotsMax / 2;
                    case FAILING -> notGood < slotsMax / 2 && usedByFailing < slotsMax / 4;
                };
    }

    private void take(MerchantBulkhead bulkhead, InFlightDelivery inFlight, long now) {
        Share share = bulkhead.share(now);
        inFlight.share = share;
        inFlight.startedAt = now;
        bulkhead.inFlight.add(inFlight);
        count(share, 1);
    }

    private void release(MerchantBulkhead bulkhead, InFlightDelivery inFlight) {
        Share share = inFlight.share;
        if (share != null && bulkhead.inFlight.remove(inFlight)) {
            count(share, -1);
            inFlight.share = null;
        }
    }

    private void count(Share share, int change) {
        inFlight += change;
        switch (share) {
            case GOOD -> {}
            case UNKNOWN -> usedByUnknown += change;
            case FAILING -> usedByFailing += change;
        }
    }

    private List<InFlightDelivery> takeWaiting(MerchantBulkhead bulkhead) {
        List<InFlightDelivery> taken = List.copyOf(bulkhead.waiting);
        waiting -= taken.size();
        bulkhead.waiting.clear();
        return taken;
    }

    private void takeWaitingTooLong(MerchantBulkhead bulkhead, long now, List<InFlightDelivery> taken) {
        while (!bulkhead.waiting.isEmpty() && now - bulkhead.waiting.getFirst().waitingSince >= WAIT_MILLIS_MAX) {
            taken.add(bulkhead.waiting.remove());
            waiting--;
        }
    }

    private void enqueue(MerchantBulkhead bulkhead, long now) {
        if (!bulkhead.enqueued && bulkhead.wantsSlot()) {
            bulkhead.enqueued = true;
            queue(bulkhead.share(now)).add(bulkhead);
        }
    }

    private ArrayDeque<MerchantBulkhead> queue(Share share) {
        return Objects.requireNonNull(queues.get(share));
    }

    /** Assigns free slots: to the merchant whose slot was freed, then in the order of the queues. */
    private BulkheadActions next(@Nullable MerchantBulkhead first) {
        long now = clock.millis();
        List<InFlightDelivery> begin = new ArrayList<>();
        List<Pull> pull = new ArrayList<>();
        if (first != null) {
            serve(first, now, begin, pull);
            enqueue(first, now);
        }
        for (Share share : Share.values()) {
            ArrayDeque<MerchantBulkhead> queue = queue(share);
            for (int n = queue.size(); n > 0 && hasSlotFor(share); n--) {
                MerchantBulkhead bulkhead = queue.remove();
                bulkhead.enqueued = false;
                serve(bulkhead, now, begin, pull);
                // Without a free slot of its own it need not queue: the end of its own attempt serves it.
                if (bulkhead.hasFreeSlot()) {
                    enqueue(bulkhead, now);
                }
            }
        }
        return begin.isEmpty() && pull.isEmpty()
                ? BulkheadActions.NOTHING
                : new BulkheadActions(begin, List.of(), pull);
    }

    private void serve(MerchantBulkhead bulkhead, long now, List<InFlightDelivery> begin, List<Pull> pull) {
        while (!bulkhead.waiting.isEmpty() && bulkhead.hasFreeSlot() && hasSlotFor(bulkhead.share(now))) {
            InFlightDelivery inFlight = bulkhead.waiting.remove();
            waiting--;
            take(bulkhead, inFlight, now);
            begin.add(inFlight);
        }
        int wanted = hasSlotFor(bulkhead.share(now)) ? bulkhead.pullLimit(now) : 0;
        if (wanted > 0) {
            bulkhead.pulling = true;
            pull.add(new Pull(bulkhead.key, wanted));
        }
    }
}
