package dev.rung.core.sim;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.Sender;
import dev.rung.core.sim.Scenario.FaultProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Checks every request that leaves a server: whether it is allowed, and at the end whether it is recorded. */
final class RequestChecker {
    private static final long PAUSE_KNOWN_WITHIN = 2_500;

    private final Simulation world;
    private final InvariantChecker checker;
    /** Increases with every event, so that "before" is exact within a millisecond. */
    private long moment;

    private final Map<Flying, Long> looks = new HashMap<>();
    private final Map<NotificationId, Long> ends = new HashMap<>();
    private final Map<Flying, BulkheadKey> inFlight = new LinkedHashMap<>();
    private final Map<NotificationId, List<Seen>> seen = new LinkedHashMap<>();
    private final Map<NotificationId, List<Long>> resends = new HashMap<>();
    private final Set<NotificationId> repeated = new HashSet<>();
    private final Map<NotificationId, List<Attempt>> deleted = new HashMap<>();
    private final Map<ReceiverId, Long> lastSent = new HashMap<>();
    private final Map<BulkheadKey, Integer> boundMax = new HashMap<>();
    private final Map<ReceiverId, Long> pausedSince = new HashMap<>();
    private final Map<ReceiverId, Long> activeSince = new HashMap<>();

    /** A notification that a process is handling. */
    private record Flying(ServerRun run, NotificationId id) {}

    /** A request that a merchant received. */
    private record Seen(ServerRun run, int number, long at) {}

    RequestChecker(Simulation world, InvariantChecker checker) {
        this.world = world;
        this.checker = checker;
    }

    /** A process has read a record in its current state. */
    void looked(ServerRun run, NotificationId id) {
        looks.put(new Flying(run, id), ++moment);
    }

    /** From this moment on no attempt is owed. */
    void ended(NotificationId id) {
        ends.put(id, ++moment);
    }

    void resent(NotificationId id) {
        resends.computeIfAbsent(id, i -> new ArrayList<>()).add(world.loop.now());
    }

    /** The broker delivers this wake twice, without marking it as redelivered. */
    void repeated(NotificationId id) {
        repeated.add(id);
    }

    void deleted(NotificationId id, List<Attempt> attempts) {
        deleted.put(id, attempts);
    }

    boolean isDeleted(NotificationId id) {
        return deleted.containsKey(id);
    }

    void merchantIs(Merchant merchant) {
        receiverIs(ReceiverId.own(merchant.id()), merchant.receiver());
        merchant.endpoints()
                .forEach(endpoint -> receiverIs(new ReceiverId(merchant.id(), endpoint.id()), endpoint.receiver()));
    }

    private void receiverIs(ReceiverId id, Receiver receiver) {
        boundMax.merge(new BulkheadKey.OfReceiver(id), receiver.maxInFlight(), Math::max);
        if (receiver.paused()) {
            pausedSince.putIfAbsent(id, world.loop.now());
            activeSince.remove(id);
        } else {
            pausedSince.remove(id);
            activeSince.putIfAbsent(id, world.loop.now());
        }
    }

    /** Whether an active receiver has received nothing for this long. */
    boolean isIdleFor(long millis, ReceiverId receiver) {
        long now = world.loop.now();
        return now - activeSince.getOrDefault(receiver, now) > millis
                && now - lastSent.getOrDefault(receiver, 0L) > millis;
    }

    /** A request leaves a server. */
    void sending(ServerRun run, Sender.Request request, boolean reached) {
        NotificationId id = request.id();
        if (world.scenario.faultProfile() == FaultProfile.CUT || world.scenario.faultProfile() == FaultProfile.NONE) {
            checkNoOtherServerAttempts(run, id);
        }
        if (inFlight.put(new Flying(run, id), bulkhead(request)) != null) {
            checker.violated(id + " is attempted twice at the same time by " + run);
        }
        if (reached) {
            seen.computeIfAbsent(id, i -> new ArrayList<>()).add(new Seen(run, request.number(), request.now()));
        }
        checkOwed(run, id);
        checkBounds(run, bulkhead(request));
        if (request.kind() == DeliveryKind.NOTIFICATION) {
            lastSent.put(request.to(), world.loop.now());
            checkNotPaused(request.to());
        }
    }

    /** The bulkhead that a request belongs to; queries at one channel account have one URL. */
    private static BulkheadKey bulkhead(Sender.Request request) {
        return switch (request.kind()) {
            case NOTIFICATION -> new BulkheadKey.OfReceiver(request.to());
            case CHANNEL_QUERY, ALERT ->
                new BulkheadKey.OfChannel(request.content().url());
        };
    }

    private void checkNoOtherServerAttempts(ServerRun run, NotificationId id) {
        for (Flying flying : inFlight.keySet()) {
            if (flying.id().equals(id) && flying.run() != run && !resends.containsKey(id)) {
                checker.violated(
                        id + " is attempted by " + run + " while " + flying.run() + " attempts it, though both live");
            }
        }
    }

    private void checkOwed(ServerRun run, NotificationId id) {
        Delivery delivery = world.catalog.delivery(id).orElse(null);
        if (delivery == null) {
            checker.violated(id + " is attempted though it is deleted");
            return;
        }
        long looked = Objects.requireNonNullElse(looks.get(new Flying(run, id)), -1L);
        Long end = ends.get(id);
        if (delivery.nextAttemptAt() == null && end != null && looked > end) {
            checker.violated(id + " is attempted by " + run + " which has seen that it is " + delivery.state());
        }
        if (delivery.heldByOrder()) {
            checker.violated(id + " is attempted before an earlier one of its order is settled");
        }
    }

    private void checkBounds(ServerRun run, BulkheadKey bulkhead) {
        int all = 0;
        int same = 0;
        for (Map.Entry<Flying, BulkheadKey> entry : inFlight.entrySet()) {
            if (entry.getKey().run() == run) {
                all++;
                same += entry.getValue().equals(bulkhead) ? 1 : 0;
            }
        }
        int max = boundMax.getOrDefault(bulkhead, Receiver.MAX_IN_FLIGHT_DEFAULT);
        if (all > world.scenario.maxInFlight()) {
            checker.violated(run + " has " + all + " attempts under way");
        }
        if (same > max) {
            checker.violated(run + " has " + same + " attempts in flight in " + bulkhead + ", which allows " + max);
        }
    }

    private void checkNotPaused(ReceiverId receiver) {
        Long paused = pausedSince.get(receiver);
        if (paused != null && world.loop.now() - paused > PAUSE_KNOWN_WITHIN && checker.isCalmFor(PAUSE_KNOWN_WITHIN)) {
            checker.violated(receiver + " is sent to though it is paused");
        }
    }

    /** An answer arrives at a running process. */
    void sent(ServerRun run, Sender.Request request, Outcome outcome) {
        inFlight.remove(new Flying(run, request.id()));
        checker.count("outcome " + outcome);
    }

    /** The death of a process ends everything that it was doing. */
    void died(ServerRun run) {
        inFlight.keySet().removeIf(flying -> flying.run() == run);
    }

    boolean isInFlight(NotificationId id) {
        return inFlight.keySet().stream().anyMatch(flying -> flying.id().equals(id));
    }

    /** Checks at the end of the run. */
    void checkAtEnd() {
        seen.forEach((id, requests) -> {
            matchToAttempts(id, requests);
            if (world.scenario.faultProfile() == FaultProfile.NONE) {
                checkNoneTwice(id, requests);
            }
        });
    }

    /**
     * Every request that a merchant received is recorded, or was cut off by a crash and the next attempt is marked
     * {@code may_repeat}.
     */
    private void matchToAttempts(NotificationId id, List<Seen> requests) {
        List<Attempt> attempts = deleted.getOrDefault(id, world.catalog.attempts(id));
        for (Seen request : requests) {
            boolean recorded =
                    attempts.stream().anyMatch(a -> a.number() == request.number() && a.startedAt() == request.at());
            if (recorded) {
                continue;
            }
            checker.count("cut off");
            if (request.run().isAlive()) {
                checker.violated(id + " was requested at " + InvariantChecker.time(request.at())
                        + " and no attempt is on record");
            }
            checkDoubtIsTold(id, request, attempts);
        }
    }

    private void checkDoubtIsTold(NotificationId id, Seen cutOff, List<Attempt> attempts) {
        Attempt next = attempts.stream()
                .filter(a -> a.startedAt() > cutOff.at() && !a.superseded())
                .findFirst()
                .orElse(null);
        if (next == null || next.number() != cutOff.number() || next.mayRepeat() || repeated.contains(id)) {
            return;
        }
        boolean resent = resends.getOrDefault(id, List.of()).stream()
                .anyMatch(at -> at >= cutOff.at() - 5_000 && at <= next.startedAt());
        if (!resent) {
            checker.violated(id + " was cut off at " + InvariantChecker.time(cutOff.at()) + " by the end of "
                    + cutOff.run() + ", and the attempt at " + InvariantChecker.time(next.startedAt())
                    + " does not say that it may repeat");
        }
    }

    /** Without faults no merchant receives the same attempt twice. */
    private void checkNoneTwice(NotificationId id, List<Seen> requests) {
        Set<Integer> numbers = new HashSet<>();
        for (Seen request : requests) {
            if (!numbers.add(request.number()) && !resends.containsKey(id)) {
                checker.violated(id + " had its attempt " + request.number()
                        + " made twice though nothing went wrong, again by " + request.run() + " at "
                        + InvariantChecker.time(request.at()));
            }
        }
    }
}
