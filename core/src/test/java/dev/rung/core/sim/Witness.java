package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.FlowEvent;
import dev.rung.core.memory.Watcher;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Owed;
import dev.rung.core.model.Place;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sender;
import dev.rung.core.sim.Scenario.Climate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees everything that happens and says what must never happen. The first thing wrong stops the history.
 */
final class Witness implements Watcher {
    private static final long REARMED_WITHIN = 15_000;
    private static final long PAUSE_KNOWN_WITHIN = 2_500;

    private final Simulation world;
    /** Rises with everything seen, so that "before" is exact within a millisecond. */
    private long moment;

    private final Map<NotificationId, Life> answered = new LinkedHashMap<>();
    private final Map<Key, Long> looks = new HashMap<>();
    private final Map<NotificationId, Long> ended = new HashMap<>();
    /** When it was last moved by anything but a sweep, epoch milliseconds. */
    private final Map<NotificationId, Long> movedAt = new HashMap<>();

    private final Map<Key, Long> inFlight = new LinkedHashMap<>();
    private final Map<NotificationId, List<Seen>> requests = new LinkedHashMap<>();
    private final Map<NotificationId, List<Attempt>> deletedAttempts = new HashMap<>();
    private final Map<NotificationId, List<Long>> resends = new HashMap<>();
    private final Set<NotificationId> repeated = new HashSet<>();
    /** Held by an order in which nothing is before them, at the last look round. */
    private final Set<NotificationId> released = new HashSet<>();

    private final Map<MerchantId, Long> lastSent = new HashMap<>();
    private final Map<MerchantId, Integer> boundMax = new HashMap<>();
    private final Map<MerchantId, Long> pausedSince = new HashMap<>();
    private final Map<MerchantId, Long> activeSince = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> trace = new ArrayList<>();
    private int storms;
    private long disturbedAt = Long.MIN_VALUE / 2;
    private @Nullable String violation;

    private record Key(Life life, NotificationId id) {}

    /** A request that a merchant saw. */
    private record Seen(Life life, int number, long at) {}

    Witness(Simulation world) {
        this.world = world;
    }

    @Nullable String violation() {
        return violation;
    }

    List<String> trace() {
        return trace;
    }

    /** How often what happened, to see that a history has any history. */
    Map<String, Integer> counts() {
        return counts;
    }

    void violated(String what) {
        if (violation == null) {
            violation = what;
            say(() -> "VIOLATION " + what);
            world.loop.stop();
        }
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void say(java.util.function.Supplier<String> what) {
        if (world.tracing) {
            long at = world.loop.now() - Simulation.BEGIN;
            trace.add("%02d:%02d:%02d.%03d %s"
                    .formatted(at / 3_600_000, at / 60_000 % 60, at / 1_000 % 60, at % 1_000, what.get()));
        }
    }

    /** Something happened that excuses lateness for a while. */
    void disturbed(String how) {
        disturbedAt = world.loop.now();
        count(how);
        say(() -> how);
    }

    /** A storm begins. */
    void storm(String what) {
        storms++;
        disturbed(what);
    }

    /** It ends. */
    void calm(String what) {
        storms--;
        disturbed(what);
    }

    private boolean isCalmFor(long millis) {
        return storms == 0 && world.loop.now() - disturbedAt > millis;
    }

    // What the servers do

    void started(Life life) {
        say(() -> life + " starts");
    }

    void died(Life life) {
        disturbed("server ends");
        inFlight.keySet().removeIf(key -> key.life() == life);
        say(() -> life + " ends");
    }

    void defect(RuntimeException e) {
        java.io.StringWriter stack = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(stack));
        violated("a task threw " + stack);
    }

    void event(Life life, FlowEvent event) {
        switch (event) {
            case FlowEvent.Defect(Throwable cause) -> {
                if (!(cause instanceof Crashed)) {
                    java.io.StringWriter stack = new java.io.StringWriter();
                    cause.printStackTrace(new java.io.PrintWriter(stack));
                    violated(life + " reported a defect: " + stack);
                }
            }
            case FlowEvent.Rearmed(int n, FlowEvent.Rearmed.Cause cause) -> {
                count("re-armed " + cause);
                if (world.scenario.climate() == Climate.CALM) {
                    violated(life + " re-armed " + n + " wakes (" + cause + ") though nothing went wrong");
                }
                say(() -> life + " re-armed " + n + " " + cause);
            }
            case FlowEvent.Parked(NotificationId id, MerchantId merchant, Place place) -> {
                count("parked " + place);
                say(() -> life + " parked " + id + " " + place);
            }
            case FlowEvent.StaleWake(NotificationId id) -> {
                count("stale wakes");
                say(() -> life + " dropped a stale wake of " + id);
            }
            case FlowEvent.Superseded superseded -> count("superseded");
            case FlowEvent.StoreAvailable(boolean available) ->
                say(() -> life + (available ? " has the store again" : " has no store"));
            case FlowEvent.Accepted accepted -> count("accepted");
            case FlowEvent.Attempted attempted -> count("attempted");
            case FlowEvent.Resent resent -> count("resent");
            case FlowEvent.Cancelled cancelled -> count("cancelled");
        }
    }

    /** Looks at a process's bounds now and again, as long as it lives. */
    void watch(Life life, Engine engine) {
        world.loop.after(7_777, life.task(() -> {
            int max = world.scenario.maxInFlight();
            if (engine.inFlight() > max || engine.waiting() > world.scenario.prefetch() + max) {
                violated(life + " has " + engine.inFlight() + " attempts under way and " + engine.waiting()
                        + " waiting, more than its bounds");
            }
            watch(life, engine);
        }));
    }

    /** The store is asked: a batch may name a notification once. */
    void asked(String method, Object[] args) {
        if (args[0] instanceof List<?> batch && !batch.isEmpty()) {
            Set<Object> named = new HashSet<>();
            for (Object item : batch) {
                Object id = switch (item) {
                    case Wake wake -> wake.id();
                    case Settlement settlement -> settlement.wake().id();
                    default -> item;
                };
                if (!named.add(id)) {
                    violated(method + " is asked about " + id + " twice in a batch");
                }
            }
        }
    }

    /** A process has seen a record as it was at this moment. */
    void looked(Life life, Owed owed) {
        looks.put(new Key(life, owed.id()), ++moment);
        say(() -> "%s sees %s wake %d %s %s rung %d due %s%s%s"
                .formatted(
                        life,
                        owed.id(),
                        owed.wake(),
                        owed.state(),
                        owed.place(),
                        owed.rung(),
                        time(owed.nextAttemptAt()),
                        owed.mayRepeat() ? " may repeat" : "",
                        owed.predecessor() ? " behind another" : ""));
    }

    private static String time(@Nullable Long millis) {
        if (millis == null) {
            return "never";
        }
        long at = millis - Simulation.BEGIN;
        return "%02d:%02d:%02d.%03d".formatted(at / 3_600_000, at / 60_000 % 60, at / 1_000 % 60, at % 1_000);
    }

    /** A request leaves. */
    void sending(Life life, Sender.Request request, boolean reached) {
        NotificationId id = request.id();
        say(() -> life + " sends " + id + " number " + request.number());
        if (inFlight.put(new Key(life, id), world.loop.now()) != null) {
            violated(id + " is attempted twice at the same time by " + life);
        }
        if (reached) {
            requests.computeIfAbsent(id, i -> new ArrayList<>()).add(new Seen(life, request.number(), request.now()));
        }
        lastSent.put(request.merchant().id(), world.loop.now());
        checkOwed(life, id);
        checkBounds(life, request.merchant());
    }

    private void checkOwed(Life life, NotificationId id) {
        Owed owed = world.catalog.owed(id).orElse(null);
        if (owed == null) {
            violated(id + " is attempted though it is deleted");
            return;
        }
        long looked = Objects.requireNonNullElse(looks.get(new Key(life, id)), -1L);
        Long end = ended.get(id);
        if (owed.nextAttemptAt() == null && end != null && looked > end) {
            violated(id + " is attempted by " + life + " which has seen that it is " + owed.state());
        }
        if (owed.ordered() && owed.predecessor()) {
            violated(id + " is attempted before an earlier one of its order is settled");
        }
    }

    private void checkBounds(Life life, Merchant merchant) {
        long all = inFlight.keySet().stream().filter(k -> k.life() == life).count();
        if (all > world.scenario.maxInFlight()) {
            violated(life + " has " + all + " attempts under way");
        }
        long his = inFlight.keySet().stream()
                .filter(k -> k.life() == life)
                .filter(k -> world.catalog
                        .owed(k.id())
                        .filter(o -> o.merchantId().equals(merchant.id()))
                        .isPresent())
                .count();
        int max = boundMax.getOrDefault(merchant.id(), Merchant.MAX_IN_FLIGHT_DEFAULT);
        if (his > max) {
            violated(life + " has " + his + " attempts under way to " + merchant.id() + ", who allows " + max);
        }
        Long paused = pausedSince.get(merchant.id());
        if (paused != null && world.loop.now() - paused > PAUSE_KNOWN_WITHIN && isCalmFor(PAUSE_KNOWN_WITHIN)) {
            violated(merchant.id() + " is sent to though it is paused");
        }
    }

    /** An answer arrives at a living process. */
    void sent(Life life, Sender.Request request, Outcome outcome) {
        inFlight.remove(new Key(life, request.id()));
        count("outcome " + outcome);
        say(() -> life + " hears of " + request.id() + " " + outcome);
    }

    private boolean isInFlightAnywhere(NotificationId id) {
        return inFlight.keySet().stream().anyMatch(key -> key.id().equals(id));
    }

    // What producers and people do

    void answered(NotificationId id, Life life) {
        answered.put(id, life);
    }

    List<NotificationId> answered() {
        return List.copyOf(answered.keySet());
    }

    void merchantIs(Merchant merchant) {
        boundMax.merge(merchant.id(), merchant.maxInFlight(), Math::max);
        if (merchant.paused()) {
            pausedSince.putIfAbsent(merchant.id(), world.loop.now());
            activeSince.remove(merchant.id());
        } else {
            pausedSince.remove(merchant.id());
            activeSince.putIfAbsent(merchant.id(), world.loop.now());
        }
        say(() ->
                merchant.id() + (merchant.paused() ? " is paused" : " is active") + " with " + merchant.maxInFlight());
    }

    // What the broker does

    void repeated(Wake wake) {
        count("wakes repeated");
        repeated.add(wake.id());
    }

    void unrouted(Wake wake) {
        count("wakes unrouted");
        say(() -> "unrouted " + wake);
    }

    /** A wake is gone; with nothing else going wrong it must be missed soon. */
    void lost(Wake wake) {
        count("wakes lost");
        say(() -> "lost " + wake);
        if (world.scenario.climate() == Climate.LOSSY && world.scenario.sweeping()) {
            world.loop.at(Math.max(wake.dueAt(), world.loop.now()) + REARMED_WITHIN, () -> {
                Owed owed = world.catalog.owed(wake.id()).orElse(null);
                if (owed != null && owed.isCurrent(wake) && isCalmFor(60_000) && !isInFlightAnywhere(wake.id())) {
                    violated(wake.id() + " had its wake " + wake.number() + " lost and not re-armed within "
                            + REARMED_WITHIN + " ms");
                }
            });
        }
    }

    // What the store does

    @Override
    public void inserted(NotificationDetail record) {
        say(() -> "stored " + record.id() + " for " + record.merchantId() + " due " + time(record.nextAttemptAt())
                + (record.ordered() ? " ordered in " + record.content().orderNo() : ""));
    }

    @Override
    public void changed(String method, NotificationDetail before, NotificationDetail after) {
        moment++;
        say(() -> "%s moves %s from %s %s rung %d due %s to %s %s rung %d due %s"
                .formatted(
                        method,
                        after.id(),
                        before.state(),
                        before.place(),
                        before.rung(),
                        time(before.nextAttemptAt()),
                        after.state(),
                        after.place(),
                        after.rung(),
                        time(after.nextAttemptAt())));
        if (!method.equals("rearm")) {
            movedAt.put(after.id(), world.loop.now());
        }
        if (before.nextAttemptAt() != null && after.nextAttemptAt() == null) {
            ended.put(after.id(), moment);
        }
        if (before.state() == NotificationState.DELIVERED && after.state() != NotificationState.DELIVERED) {
            violated(after.id() + " was delivered and is " + after.state() + " by " + method);
        }
        switch (method) {
            case "settle" -> settled(before, after);
            case "resend" ->
                resends.computeIfAbsent(after.id(), i -> new ArrayList<>()).add(world.loop.now());
            case "cancel" -> {}
            default -> {
                if (!Objects.equals(before.nextAttemptAt(), after.nextAttemptAt())
                        || before.state() != after.state()
                        || before.rung() != after.rung()) {
                    violated(after.id() + " had more than its place moved by " + method);
                }
            }
        }
    }

    private void settled(NotificationDetail before, NotificationDetail after) {
        Attempt last = world.catalog.attempts(after.id()).getLast();
        if (after.state() == NotificationState.EXHAUSTED
                && before.rung() < before.ladder().steps().size()) {
            violated(after.id() + " is exhausted on rung " + before.rung());
        }
        if (after.state() == NotificationState.WAITING && after.nextAttemptAt() != null) {
            long wait = after.nextAttemptAt() - last.startedAt() - last.durationMillis();
            if (wait < before.ladder().steps().get(before.rung()).toMillis()) {
                violated(after.id() + " waits " + wait + " ms on rung " + before.rung());
            }
        }
    }

    @Override
    public void recorded(NotificationDetail before, Attempt attempt) {
        say(() -> "recorded " + before.id() + " number " + attempt.number() + " " + attempt.outcome()
                + (attempt.mayRepeat() ? " may repeat" : "") + (attempt.superseded() ? " superseded" : ""));
        if (attempt.startedAt() < attempt.dueAt() - 1) {
            violated(before.id() + " was attempted " + (attempt.dueAt() - attempt.startedAt()) + " ms early");
        }
    }

    @Override
    public void deleted(NotificationDetail record, List<Attempt> attempts) {
        count("purged");
        deletedAttempts.put(record.id(), attempts);
        if (record.state() == NotificationState.WAITING || record.nextAttemptAt() != null) {
            violated(record.id() + " is deleted though it is owed");
        }
    }

    // Looking round

    /** Nothing may be stuck: once a minute. */
    void lookRound() {
        if (!world.scenario.sweeping() || !isCalmFor(180_000)) {
            return;
        }
        long now = world.loop.now();
        for (NotificationDetail n : world.catalog.all()) {
            Long due = n.nextAttemptAt();
            if (due == null || isInFlightAnywhere(n.id())) {
                continue;
            }
            long since = Math.max(due, movedAt.getOrDefault(n.id(), 0L));
            if (now - since < 180_000) {
                continue;
            }
            String stuck = switch (n.place()) {
                case QUEUED -> "no wake comes for it";
                case FAR -> "nobody brings it near";
                case HELD_BY_ORDER -> isHeldBack(n.id()) ? null : "nothing holds it back any more";
                case HELD_BY_MERCHANT -> merchantIsIdle(n.merchantId()) ? "its merchant is idle" : null;
            };
            if (stuck != null) {
                violated(n.id() + " is " + n.place() + ", overdue by " + (now - due) + " ms, and " + stuck);
            }
        }
    }

    /** Twice in a row: a release takes its time. */
    private boolean isHeldBack(NotificationId id) {
        if (world.catalog.owed(id).filter(Owed::predecessor).isPresent()) {
            released.remove(id);
            return true;
        }
        return released.add(id);
    }

    private boolean merchantIsIdle(MerchantId merchant) {
        long now = world.loop.now();
        long active = activeSince.getOrDefault(merchant, now);
        long sent = lastSent.getOrDefault(merchant, 0L);
        return now - active > 120_000 && now - sent > 120_000;
    }

    /** At the end of all things. */
    void lookBack() {
        for (NotificationDetail n : world.catalog.all()) {
            if (n.nextAttemptAt() != null || n.state() == NotificationState.WAITING) {
                violated(n.id() + " is never settled: " + n.state() + " " + n.place() + " due "
                        + time(n.nextAttemptAt()) + (answered.containsKey(n.id()) ? "" : " (not answered)"));
            }
        }
        for (NotificationId id : answered.keySet()) {
            if (world.catalog.find(id).isEmpty() && !deletedAttempts.containsKey(id)) {
                violated(id + " was accepted and is not there");
            }
        }
        requests.forEach(this::match);
        if (world.scenario.climate() == Climate.CALM) {
            requests.forEach(this::checkNoneTwice);
        }
    }

    /** While nothing goes wrong nobody asks a merchant the same thing twice, and no sweep is needed. */
    private void checkNoneTwice(NotificationId id, List<Seen> seen) {
        Set<Integer> numbers = new HashSet<>();
        for (Seen request : seen) {
            if (!numbers.add(request.number()) && !resends.containsKey(id)) {
                violated(
                        id + " had its attempt " + request.number() + " made twice though nothing went wrong, again by "
                                + request.life() + " at " + time(request.at()));
            }
        }
    }

    /** Every request that a merchant saw is on record, or was cut off by a crash, and then the next one says so. */
    private void match(NotificationId id, List<Seen> seen) {
        List<Attempt> attempts = deletedAttempts.getOrDefault(id, world.catalog.attempts(id));
        for (Seen request : seen) {
            boolean recorded =
                    attempts.stream().anyMatch(a -> a.number() == request.number() && a.startedAt() == request.at());
            if (recorded) {
                continue;
            }
            count("cut off");
            if (request.life().isAlive()) {
                violated(id + " was requested at " + time(request.at()) + " and no attempt is on record");
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
            violated(id + " was cut off at " + time(cutOff.at()) + " by the end of " + cutOff.life()
                    + ", and the attempt at " + time(next.startedAt()) + " does not say that it may repeat");
        }
    }
}
