package dev.rung.core.sim;

import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationCatalog;
import dev.rung.core.memory.MemoryNotificationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One history, made from one seed: 24 hours of servers, broker, merchants and people, then calm until everything is settled.
 */
public final class Simulation {
    public static final long BEGIN = Instant.parse("2026-01-15T00:00:00Z").toEpochMilli();
    public static final int DAY = 24 * 3_600_000;
    private static final int MINUTE = 60_000;
    /** With all merchants well nothing waits longer than the longest rung. */
    private static final long SETTLED_WITHIN = 3L * DAY;

    final Scenario scenario;
    final boolean tracing;
    final Guest guest;
    final Loop loop;
    final FaultRates weather = new FaultRates();
    final InvariantChecker witness;
    final MemoryNotificationStore store;
    final MemoryNotificationCatalog catalog;
    final MemoryMerchantStore merchants = new MemoryMerchantStore();
    final SimSender sender;
    final SimBroker broker;
    final List<SimServer> servers = new ArrayList<>();

    /** What became of a history. */
    public record Result(
            Scenario scenario, @Nullable String violation, Map<String, Integer> counts, List<String> trace) {}

    private Simulation(Scenario scenario, boolean tracing, Guest guest) {
        this.scenario = scenario;
        this.tracing = tracing;
        this.guest = guest;
        this.loop = new Loop(scenario.seed(), BEGIN);
        this.witness = new InvariantChecker(this);
        this.store = new MemoryNotificationStore(() -> Instant.ofEpochMilli(loop.now()));
        this.catalog = store.catalog();
        this.sender = new SimSender(this);
        this.broker = new SimBroker(loop, weather, witness);
    }

    static Result run(Scenario scenario, boolean tracing) {
        return run(scenario, tracing, Guest.NOBODY);
    }

    /** Lives through one history, with a guest that has not been in any. */
    public static Result run(Scenario scenario, boolean tracing, Guest guest) {
        Simulation simulation = new Simulation(scenario, tracing, guest);
        simulation.live();
        InvariantChecker witness = simulation.witness;
        return new Result(scenario, witness.violation(), witness.counts(), witness.trace());
    }

    private void live() {
        scenario.settle(weather);
        store.watchedBy(witness);
        store.failing(method -> weather.transaction(loop));
        Producer producer = new Producer(this);
        producer.begin();
        guest.arrive(outlook());
        for (int i = 1; i <= scenario.servers(); i++) {
            SimServer server = new SimServer(this, i);
            servers.add(server);
            loop.after(loop.upTo(2_000), server::start);
        }
        new FaultSchedule(this).plan();
        broker.noticeWipes();
        lookRound();
        loop.runUntil(BEGIN + DAY);
        rest(producer);
        if (witness.violation() == null) {
            guest.lookBack();
            witness.lookBack();
        }
    }

    private void lookRound() {
        loop.after(MINUTE, () -> {
            witness.lookRound();
            lookRound();
        });
    }

    /** Nothing goes wrong any more; storms under way end. */
    private void rest(Producer producer) {
        loop.after(2L * 240_000, () -> {
            weather.clear();
            sender.heal();
            guest.heal();
            producer.resumeAll();
        });
        long end = loop.now() + SETTLED_WITHIN;
        do {
            loop.runUntil(loop.now() + 10 * MINUTE);
        } while (!loop.isStopped() && loop.now() < end && !isSettled());
    }

    private boolean isSettled() {
        return guest.isAtRest() && catalog.all().stream().allMatch(n -> n.nextAttemptAt() == null);
    }

    /** The world as the guest sees it. */
    private Guest.World outlook() {
        return new Guest.World() {
            @Override
            public long now() {
                return loop.now();
            }

            @Override
            public boolean chance(double probability) {
                return loop.chance(probability);
            }

            @Override
            public int upTo(int bound) {
                return loop.upTo(bound);
            }

            @Override
            public void at(long time, Runnable what) {
                loop.at(time, what);
            }

            @Override
            public void sleep(long millis) {
                loop.sleep(millis);
            }

            @Override
            public Scenario.Climate climate() {
                return scenario.climate();
            }

            @Override
            public MemoryNotificationStore store() {
                return store;
            }

            @Override
            public MemoryMerchantStore merchants() {
                return merchants;
            }

            @Override
            public void violated(String what) {
                witness.violated(what);
            }

            @Override
            public void count(String what) {
                witness.count(what);
            }

            @Override
            public void say(Supplier<String> what) {
                witness.say(what);
            }
        };
    }

    /** Hours since the beginning, with their fraction. */
    double hour() {
        return MerchantBehavior.hour(loop.now() - BEGIN);
    }
}
