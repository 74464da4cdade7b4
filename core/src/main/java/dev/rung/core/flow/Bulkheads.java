package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
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
 * Decides whose attempt may begin: a bound in all, a bound a merchant, and a reserve that merchants which fail, are slow, or are not yet known to
 * be good cannot take. Thread-safe.
 *
 * <p>What cannot begin at once either waits in memory, for a merchant that answers and only briefly, or is parked in the store. A freed slot
 * goes to the same merchant's next, else to whoever has stood in line longest: good ones first.
 *
 * <p>Nothing is called with the lock held; what is to be done is returned as {@link BulkheadActions}.
 */
final class Bulkheads {
    private static final int CELLS_MAX = 50_000;
    private static final int WAITING_PER_SLOT = 4;
    /**
     * Longer than this nothing waits in memory. What waits here looks lost to other servers' sweepers once {@link
     * Limits#ATTEMPT_MUST_HAVE_ENDED} has passed, and its attempt alone may take all but a second of that.
     */
    private static final long WAIT_MILLIS_MAX = 500;

    /** What a flight may do. */
    enum Entry {
        BEGIN,
        WAIT,
        PARK
    }

    /** What a change makes possible: attempts to begin, wakes to park after all, merchants whose parked ones are to be taken back. */
    record BulkheadActions(List<InFlightDelivery> begin, List<InFlightDelivery> park, List<Pull> pull) {
        static final BulkheadActions NOTHING = new BulkheadActions(List.of(), List.of(), List.of());
    }

    /** Take back up to so many parked notifications of a merchant; {@link #pulled} is called when they are back. */
    record Pull(MerchantId merchant, int limit) {}

    private final InstantSource clock;
    private final int slotsMax;
    private final int waitingMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<MerchantId, MerchantBulkhead> cells = new LinkedHashMap<>(256, 0.75f, true);
    private final EnumMap<Share, ArrayDeque<MerchantBulkhead>> lines = new EnumMap<>(Share.class);
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
            lines.put(share, new ArrayDeque<>());
        }
    }

    /** A due notification asks for a slot. With {@link Entry#BEGIN} the caller begins its attempt. */
    Entry enter(InFlightDelivery inFlight) {
        long now = clock.millis();
        lock.lock();
        try {
            MerchantBulkhead cell = cell(inFlight.merchant);
            // Those parked before go first; a pulled one was parked before.
            boolean pulled = inFlight.from == InFlightDelivery.From.STORE;
            boolean behindParked = cell.holding && !pulled;
            if (!behindParked && cell.waiting.isEmpty() && cell.hasFreeSlot() && hasSlotFor(cell.share(now))) {
                take(cell, inFlight, now);
                return Entry.BEGIN;
            }
            boolean mayWait = pulled || !behindParked && cell.waiting.size() < cell.room(now) && waiting < waitingMax;
            if (mayWait && !cell.paused) {
                inFlight.waitingSince = now;
                cell.waiting.add(inFlight);
                waiting++;
                standInLine(cell, now);
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
            MerchantBulkhead cell = cell(inFlight.merchant);
            release(cell, inFlight);
            cell.ended(outcome, took);
            return next(cell);
        } finally {
            lock.unlock();
        }
    }

    /** An attempt that had a slot does not take place after all. */
    BulkheadActions leaveUnused(InFlightDelivery inFlight) {
        lock.lock();
        try {
            MerchantBulkhead cell = cell(inFlight.merchant);
            release(cell, inFlight);
            return next(cell);
        } finally {
            lock.unlock();
        }
    }

    /** Notifications of these merchants are parked in the store. */
    BulkheadActions holding(List<MerchantId> merchants) {
        lock.lock();
        try {
            for (MerchantId id : merchants) {
                MerchantBulkhead cell =
                        cells.computeIfAbsent(id, i -> new MerchantBulkhead(i, Merchant.MAX_IN_FLIGHT_DEFAULT));
                cell.holding = true;
                standInLine(cell, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** A pull is back with so many; they enter next. Fewer than asked for: nothing is parked any more, as far as that pull saw. */
    BulkheadActions pulled(Pull pull, int got) {
        lock.lock();
        try {
            MerchantBulkhead cell = cells.get(pull.merchant());
            if (cell != null) {
                cell.pulling = false;
                cell.holding = got >= pull.limit();
                standInLine(cell, clock.millis());
            }
            return next(null);
        } finally {
            lock.unlock();
        }
    }

    /** A merchant was paused or resumed, or its bound changed. */
    BulkheadActions changed(Merchant merchant) {
        lock.lock();
        try {
            MerchantBulkhead cell = cells.get(merchant.id());
            if (cell == null) {
                return BulkheadActions.NOTHING;
            }
            cell.setLimitMax(merchant.maxInFlight());
            cell.paused = merchant.paused();
            if (cell.paused) {
                return new BulkheadActions(List.of(), takeWaiting(cell), List.of());
            }
            standInLine(cell, clock.millis());
            return next(cell);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends to the store what waits in memory behind merchants that have begun to hang, and what has waited too long; to be
     * called a few times a second.
     */
    BulkheadActions tick() {
        long now = clock.millis();
        lock.lock();
        try {
            List<InFlightDelivery> park = new ArrayList<>();
            if (waiting > 0) {
                for (MerchantBulkhead cell : cells.values()) {
                    if (cell.share(now) == Share.FAILING && !cell.hasFreeSlot()) {
                        park.addAll(takeWaiting(cell));
                    } else {
                        takeThoseThatWaitedTooLong(cell, now, park);
                    }
                }
            }
            BulkheadActions next = next(null);
            return park.isEmpty() ? next : new BulkheadActions(next.begin(), park, next.pull());
        } finally {
            lock.unlock();
        }
    }

    /** Takes out everything that waits: the process drains. */
    List<InFlightDelivery> clear() {
        lock.lock();
        try {
            List<InFlightDelivery> all = new ArrayList<>();
            for (MerchantBulkhead cell : cells.values()) {
                all.addAll(takeWaiting(cell));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    MerchantHealth health(MerchantId id) {
        lock.lock();
        try {
            MerchantBulkhead cell = cells.get(id);
            return (cell == null ? new MerchantBulkhead(id, Merchant.MAX_IN_FLIGHT_DEFAULT) : cell)
                    .health(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    /** Merchants this process has dealt with, by standing. */
    Map<MerchantHealth.Standing, Integer> standings() {
        lock.lock();
        try {
            Map<MerchantHealth.Standing, Integer> counts = new EnumMap<>(MerchantHealth.Standing.class);
            for (MerchantBulkhead cell : cells.values()) {
                if (cell.id.isReserved()) {
                    continue;
                }
                counts.merge(cell.health(clock.millis()).standing(), 1, Integer::sum);
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

    private MerchantBulkhead cell(Merchant merchant) {
        MerchantBulkhead cell = cells.get(merchant.id());
        if (cell == null) {
            if (cells.size() >= CELLS_MAX) {
                forgetIdle();
            }
            cell = new MerchantBulkhead(merchant.id(), merchant.maxInFlight());
            cells.put(merchant.id(), cell);
        } else {
            cell.setLimitMax(merchant.maxInFlight());
        }
        cell.paused = merchant.paused();
        return cell;
    }

    /** Forgets the merchant unheard of for longest that has nothing to do here: it will be unknown again. */
    private void forgetIdle() {
        for (Iterator<MerchantBulkhead> it = cells.values().iterator(); it.hasNext(); ) {
            MerchantBulkhead cell = it.next();
            if (cell.isIdle() && !cell.inLine) {
                it.remove();
                return;
            }
        }
    }

    /**
     * Good merchants may use every slot. The others share a half, and those that fail or hang a quarter within it: a thousand of them
     * cannot take what good ones, or newcomers, need.
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

    private void take(MerchantBulkhead cell, InFlightDelivery inFlight, long now) {
        Share share = cell.share(now);
        inFlight.share = share;
        inFlight.startedAt = now;
        cell.inFlight.add(inFlight);
        count(share, 1);
    }

    private void release(MerchantBulkhead cell, InFlightDelivery inFlight) {
        Share share = inFlight.share;
        if (share != null && cell.inFlight.remove(inFlight)) {
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

    private List<InFlightDelivery> takeWaiting(MerchantBulkhead cell) {
        List<InFlightDelivery> taken = List.copyOf(cell.waiting);
        waiting -= taken.size();
        cell.waiting.clear();
        return taken;
    }

    private void takeThoseThatWaitedTooLong(MerchantBulkhead cell, long now, List<InFlightDelivery> taken) {
        while (!cell.waiting.isEmpty() && now - cell.waiting.getFirst().waitingSince >= WAIT_MILLIS_MAX) {
            taken.add(cell.waiting.remove());
            waiting--;
        }
    }

    private void standInLine(MerchantBulkhead cell, long now) {
        if (!cell.inLine && cell.wantsSlot()) {
            cell.inLine = true;
            line(cell.share(now)).add(cell);
        }
    }

    private ArrayDeque<MerchantBulkhead> line(Share share) {
        return Objects.requireNonNull(lines.get(share));
    }

    /** Gives out free slots: to the merchant whose slot it was, then along the lines. */
    private BulkheadActions next(@Nullable MerchantBulkhead first) {
        long now = clock.millis();
        List<InFlightDelivery> begin = new ArrayList<>();
        List<Pull> pull = new ArrayList<>();
        if (first != null) {
            serve(first, now, begin, pull);
            standInLine(first, now);
        }
        for (Share share : Share.values()) {
            ArrayDeque<MerchantBulkhead> line = line(share);
            for (int n = line.size(); n > 0 && hasSlotFor(share); n--) {
                MerchantBulkhead cell = line.remove();
                cell.inLine = false;
                serve(cell, now, begin, pull);
                // Without a free slot of its own it needs no place in line: the end of its own attempt serves it.
                if (cell.hasFreeSlot()) {
                    standInLine(cell, now);
                }
            }
        }
        return begin.isEmpty() && pull.isEmpty()
                ? BulkheadActions.NOTHING
                : new BulkheadActions(begin, List.of(), pull);
    }

    private void serve(MerchantBulkhead cell, long now, List<InFlightDelivery> begin, List<Pull> pull) {
        while (!cell.waiting.isEmpty() && cell.hasFreeSlot() && hasSlotFor(cell.share(now))) {
            InFlightDelivery inFlight = cell.waiting.remove();
            waiting--;
            take(cell, inFlight, now);
            begin.add(inFlight);
        }
        int appetite = hasSlotFor(cell.share(now)) ? cell.appetite(now) : 0;
        if (appetite > 0) {
            cell.pulling = true;
            pull.add(new Pull(cell.id, appetite));
        }
    }
}
