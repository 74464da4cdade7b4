package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.FlowEvent;
import dev.rung.core.memory.StoreObserver;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sender;
import dev.rung.core.sim.Scenario.FaultProfile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Observes everything that happens and reports violated invariants; {@link RequestChecker} checks the requests. The
 * first violation ends the run.
 */
final class InvariantChecker implements StoreObserver {
    private static final long REARMED_WITHIN = 15_000;
    /** A delivery overdue for longer, without a recent fault, is stuck. */
    private static final long STUCK = 180_000;

    private static final long STUCK_IN_CALM = 30_000;
    /** Hanging merchants share a few slots, five seconds per turn. */
    private static final long TURN_WITHIN = 120_000;

    private final Simulation world;
    private final RequestChecker requests;
    private final Set<NotificationId> answered = new LinkedHashSet<>();
    /** When it was last changed by anything but a sweep, in epoch milliseconds. */
    private final Map<NotificationId, Long> movedAt = new HashMap<>();
    /** At the last check it was held by its order, though no earlier one was unsettled. */
    private final Set<NotificationId> released = new HashSet<>();

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> trace = new ArrayList<>();
    private long disturbedAt = Long.MIN_VALUE / 2;
    private int outages;
    private int wipes;
    private @Nullable String violation;

    InvariantChecker(Simulation world) {
        this.world = world;
        this.requests = new RequestChecker(world, this);
    }

    @Nullable String violation() {
        return violation;
    }

    /** Counts of events, which show that enough happened in a run. */
    Map<String, Integer> counts() {
        return counts;
    }

    List<String> trace() {
        return trace;
    }

    void violated(String what) {
        if (violation == null) {
            violation = what;
            log(() -> "VIOLATION " + what);
            world.loop.stop();
        }
    }

    private void violated(String what, Throwable cause) {
        StringWriter stack = new StringWriter();
        cause.printStackTrace(new PrintWriter(stack));
        violated(what + stack);
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void log(Supplier<String> what) {
        if (world.tracing) {
            trace.add(time(world.loop.now()) + " " + what.get());
        }
    }

    static String time(@Nullable Long millis) {
        if (millis == null) {
            return "never";
        }
        long at = millis - Simulation.BEGIN;
        return "%02d:%02d:%02d.%03d".formatted(at / 3_600_000, at / 60_000 % 60, at / 1_000 % 60, at % 1_000);
    }

    // Faults

    /** A fault that excuses lateness for a while. */
    void disturbed(String how) {
        disturbedAt = world.loop.now();
        count(how);
        log(() -> how);
    }

    /** A fault with a duration starts. */
    void faultBegins(String what) {
        outages++;
        disturbed(what);
    }

    /** It ends. */
    void faultEnds(String what) {
        outages--;
        disturbed(what);
    }

    boolean isCalmFor(long millis) {
        return outages == 0 && world.loop.now() - disturbedAt > millis;
    }

    // Events of servers

    void started(ServerRun run) {
        log(() -> run + " starts");
    }

    void died(ServerRun run) {
        disturbed("a server ends");
        log(() -> run + " ends");
        requests.died(run);
    }

    void defect(RuntimeException e) {
        violated("a task threw ", e);
    }

    void event(ServerRun run, FlowEvent event) {
        switch (event) {
            case FlowEvent.Defect(Throwable cause) -> {
                if (!(cause instanceof SimulatedCrash)) {
                    violated(run + " reports a defect: ", cause);
                }
            }
            case FlowEvent.Rearmed(int n, FlowEvent.Rearmed.Cause cause) -> rearmed(run, n, cause);
            case FlowEvent.Parked(Delivery delivery, WakeLocation wakeLocation) -> {
                count("parked " + wakeLocation);
                log(() -> run + " parked " + delivery.id() + " " + wakeLocation);
            }
            case FlowEvent.StaleWake(NotificationId id) -> {
                count("stale wakes");
                log(() -> run + " dropped a stale wake of " + id);
            }
            case FlowEvent.StoreAvailable(boolean available) ->
                log(() -> run + (available ? " has the store again" : " has no store"));
            case FlowEvent.Superseded superseded -> count("superseded");
            case FlowEvent.Accepted accepted -> count("accepted");
            case FlowEvent.Attempted attempted -> count("attempted");
            case FlowEvent.Resent resent -> count("resent");
            case FlowEvent.Cancelled cancelled -> count("cancelled");
            case FlowEvent.ReceiverDeleted orphaned -> count("orphaned");
        }
    }

    private void rearmed(ServerRun run, int n, FlowEvent.Rearmed.Cause cause) {
        count("re-armed " + cause);
        log(() -> run + " re-armed " + n + " " + cause);
        if (world.scenario.faultProfile() == FaultProfile.NONE) {
            violated(run + " re-armed " + n + " wakes (" + cause + ") though nothing went wrong");
        }
    }

    /** Checks a process's limits regularly, as long as it runs. */
    void watch(ServerRun run, Engine engine) {
        world.loop.after(7_777, run.task(() -> {
            int max = world.scenario.maxInFlight();
            if (engine.inFlight() > max || engine.waiting() > world.scenario.prefetch() + max) {
                violated(run + " has " + engine.inFlight() + " attempts under way and " + engine.waiting()
                        + " waiting, more than its bounds");
            }
            watch(run, engine);
        }));
    }

    /** A read of the store: a batch may contain a notification once. */
    void asked(String method, Object[] args) {
        if (args[0] instanceof List<?> batch && batch.size() > 1) {
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

    /** A process has read a record in its current state. */
    void looked(ServerRun run, Delivery delivery) {
        requests.looked(run, delivery.id());
        log(() -> "%s sees %s wake %d %s %s rung %d due %s%s%s"
                .formatted(
                        run,
                        delivery.id(),
                        delivery.wakeNumber(),
                        delivery.state(),
                        delivery.wakeLocation(),
                        delivery.rung(),
                        time(delivery.nextAttemptAt()),
                        delivery.mayRepeat() ? " may repeat" : "",
                        delivery.heldByOrder() ? " behind another" : ""));
    }

    void sending(ServerRun run, Sender.Request request, boolean reached) {
        log(() -> run + " sends " + request.id() + " number " + request.number());
        requests.sending(run, request, reached);
    }

    void sent(ServerRun run, Sender.Request request, Outcome outcome) {
        log(() -> run + " hears of " + request.id() + " " + outcome);
        requests.sent(run, request, outcome);
    }

    // Events of producers and users

    void answered(NotificationId id) {
        answered.add(id);
    }

    List<NotificationId> answered() {
        return List.copyOf(answered);
    }

    void merchantIs(Merchant merchant) {
        log(() -> merchant.id() + (merchant.receiver().paused() ? " is paused" : " is active") + " with "
                + merchant.receiver().maxInFlight());
        requests.merchantIs(merchant);
    }

    // Events of the broker

    void repeated(Wake wake) {
        count("wakes repeated");
        requests.repeated(wake.id());
    }

    void unrouted(Wake wake) {
        count("wakes unrouted");
        log(() -> "unrouted " + wake);
    }

    /** A wake is lost; without other faults it must be re-armed soon. */
    void lost(Wake wake) {
        count("wakes lost");
        log(() -> "lost " + wake);
        if (world.scenario.faultProfile() == FaultProfile.LOSSY && world.scenario.sweeping()) {
            world.loop.at(Math.max(wake.dueAt(), world.loop.now()) + REARMED_WITHIN, () -> {
                if (isStill(wake)) {
                    violated(wake + " was lost and not re-armed within " + REARMED_WITHIN + " ms");
                }
            });
        }
    }

    /** The broker is back and has lost these wakes. */
    void wiped(List<Wake> queued) {
        int wipe = ++wipes;
        if (world.scenario.faultProfile() == FaultProfile.WIPED) {
            world.loop.after(REARMED_WITHIN, () -> {
                for (Wake wake : queued) {
                    if (wipe == wipes && isStill(wake)) {
                        violated(wake + " was forgotten by the broker and not re-armed within " + REARMED_WITHIN
                                + " ms of its return");
                    }
                }
            });
        }
    }

    private boolean isStill(Wake wake) {
        return world.catalog.delivery(wake.id()).filter(o -> o.isCurrent(wake)).isPresent()
                && !requests.isInFlight(wake.id());
    }

    // Events of the store

    @Override
    public void inserted(NotificationDetail record) {
        world.extension.inserted(record);
        log(() -> "stored " + record.id() + " for " + record.merchantId() + " due " + time(record.nextAttemptAt())
                + (record.ordered() ? " ordered in " + record.content().orderNo() : ""));
    }

    @Override
    public void changed(String method, NotificationDetail before, NotificationDetail after) {
        log(() -> method + " moves " + after.id() + " from " + describe(before) + " to " + describe(after));
        if (!method.equals("rearm")) {
            movedAt.put(after.id(), world.loop.now());
        }
        if (before.nextAttemptAt() != null && after.nextAttemptAt() == null) {
            requests.ended(after.id());
        }
        if (before.state() == DeliveryState.DELIVERED && after.state() != DeliveryState.DELIVERED) {
            violated(after.id() + " was delivered and is " + after.state() + " by " + method);
        }
        switch (method) {
            case "settle" -> settled(before, after);
            case "resend" -> requests.resent(after.id());
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

    private static String describe(NotificationDetail n) {
        return n.state() + " " + n.wakeLocation() + " rung " + n.rung() + " due " + time(n.nextAttemptAt());
    }

    private void settled(NotificationDetail before, NotificationDetail after) {
        Attempt last = world.catalog.attempts(after.id()).getLast();
        if (after.state() == DeliveryState.EXHAUSTED
                && before.rung() < before.ladder().steps().size()) {
            violated(after.id() + " is exhausted on rung " + before.rung());
        }
        // Channel queries return the next wait themselves and have no last rung.
        if (after.kind() == DeliveryKind.CHANNEL_QUERY) {
            if (after.state() == DeliveryState.EXHAUSTED) {
                violated(after.id() + " is exhausted though it has no last rung");
            }
            return;
        }
        if (after.state() == DeliveryState.WAITING && after.nextAttemptAt() != null) {
            long wait = after.nextAttemptAt() - last.startedAt() - last.durationMillis();
            if (wait < before.ladder().steps().get(before.rung()).toMillis()) {
                violated(after.id() + " waits " + wait + " ms on rung " + before.rung());
            }
        }
    }

    @Override
    public void recorded(NotificationDetail before, Attempt attempt) {
        log(() -> "recorded " + before.id() + " number " + attempt.number() + " " + attempt.outcome()
                + (attempt.mayRepeat() ? " may repeat" : "") + (attempt.superseded() ? " superseded" : ""));
        if (attempt.startedAt() < attempt.dueAt() - 1) {
            violated(before.id() + " was attempted " + (attempt.dueAt() - attempt.startedAt()) + " ms early");
        }
    }

    @Override
    public void deleted(NotificationDetail record, List<Attempt> attempts) {
        count("purged");
        requests.deleted(record.id(), attempts);
        if (record.state() == DeliveryState.WAITING || record.nextAttemptAt() != null) {
            violated(record.id() + " is deleted though it is owed");
        }
    }

    // Periodic checks

    /** Checks once a minute that nothing is stuck. */
    void checkPeriodically() {
        long patience = switch (world.scenario.faultProfile()) {
            // A re-armed wake may be lost again.
            case MIXED, LOSSY -> STUCK;
            case NONE, WIPED, CUT -> STUCK_IN_CALM;
        };
        if (!world.scenario.sweeping() || !isCalmFor(patience)) {
            return;
        }
        long now = world.loop.now();
        for (NotificationDetail n : world.catalog.all()) {
            Long due = n.nextAttemptAt();
            if (due == null || requests.isInFlight(n.id())) {
                continue;
            }
            long overdue = now - Math.max(due, movedAt.getOrDefault(n.id(), 0L));
            String stuck = overdue < patience ? null : whyStuck(n, overdue);
            if (stuck != null) {
                violated(n.id() + " is " + n.wakeLocation() + ", overdue by " + overdue + " ms, and " + stuck);
            }
        }
    }

    private @Nullable String whyStuck(NotificationDetail n, long overdue) {
        return switch (n.wakeLocation()) {
            case QUEUED -> "no wake comes for it";
            case DEFERRED -> "it is never promoted";
            case HELD_BY_ORDER -> isHeldBack(n.id()) ? null : "nothing holds it back any more";
            case HELD_BY_BULKHEAD ->
                overdue > TURN_WITHIN && requests.isIdleFor(TURN_WITHIN, n.receiver()) ? "its merchant is idle" : null;
        };
    }

    /** Only if seen twice in a row, because a release takes time. */
    private boolean isHeldBack(NotificationId id) {
        if (world.catalog.delivery(id).filter(Delivery::heldByOrder).isPresent()) {
            released.remove(id);
            return true;
        }
        return released.add(id);
    }

    /** Checks at the end of the run. */
    void checkAtEnd() {
        for (NotificationDetail n : world.catalog.all()) {
            if (n.nextAttemptAt() != null || n.state() == DeliveryState.WAITING) {
                violated(n.id() + " is never settled: " + n.state() + " " + n.wakeLocation() + " due "
                        + time(n.nextAttemptAt()) + (answered.contains(n.id()) ? "" : " (not answered)"));
            }
        }
        for (NotificationId id : answered) {
            if (world.catalog.find(id).isEmpty() && !requests.isDeleted(id)) {
                violated(id + " was accepted and is not there");
            }
        }
        requests.checkAtEnd();
    }
}
