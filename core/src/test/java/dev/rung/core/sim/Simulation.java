package dev.rung.core.sim;

import dev.rung.core.memory.MemoryClusterStore;
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
 * One run, determined by one seed: 24 hours of servers, broker, merchants and users, then no faults until everything is
 * settled.
 */
public final class Simulation {
    public static final long BEGIN = Instant.parse("2026-01-15T00:00:00Z").toEpochMilli();
    public static final int DAY = 24 * 3_600_000;
    private static final int MINUTE = 60_000;
    /** With all merchants healthy nothing waits longer than the longest rung. */
    private static final long SETTLED_WITHIN = 3L * DAY;

    final Scenario scenario;
    final boolean tracing;
    final SimulationExtension extension;
    final VirtualTimeLoop loop;
    final FaultRates rates = new FaultRates();
    final InvariantChecker checker;
    final MemoryNotificationStore store;
    final MemoryNotificationCatalog catalog;
    final MemoryMerchantStore merchants = new MemoryMerchantStore();
    final MemoryClusterStore cluster = new MemoryClusterStore();
    final SimSender sender;
    final SimBroker broker;
    final List<SimServer> servers = new ArrayList<>();

    /** The result of a run. */
    public record Result(
            Scenario scenario, @Nullable String violation, Map<String, Integer> counts, List<String> trace) {}

    private Simulation(Scenario scenario, boolean tracing, SimulationExtension extension) {
        this.scenario = scenario;
        this.tracing = tracing;
        this.extension = extension;
        this.loop = new VirtualTimeLoop(scenario.seed(), BEGIN);
        this.checker = new InvariantChecker(this);
        this.store = new MemoryNotificationStore(() -> Instant.ofEpochMilli(loop.now()));
        this.catalog = store.catalog();
        this.sender = new SimSender(this);
        this.broker = new SimBroker(loop, rates, checker);
    }

    static Result run(Scenario scenario, boolean tracing) {
        return run(scenario, tracing, SimulationExtension.NONE);
    }

    /** Executes one run, with an unused extension. */
    public static Result run(Scenario scenario, boolean tracing, SimulationExtension extension) {
        Simulation simulation = new Simulation(scenario, tracing, extension);
        simulation.live();
        InvariantChecker checker = simulation.checker;
        return new Result(scenario, checker.violation(), checker.counts(), checker.trace());
    }

    private void live() {
        scenario.settle(rates);
        store.observedBy(checker);
        store.failing(method -> rates.transaction(loop));
        Producer producer = new Producer(this);
        producer.begin();
        extension.startWorld(worldView());
        for (int i = 1; i <= scenario.servers(); i++) {
            SimServer server = new SimServer(this, i);
            servers.add(server);
            loop.after(loop.upTo(2_000), server::start);
        }
        new FaultSchedule(this).plan();
        broker.noticeWipes();
        checkPeriodically();
        loop.runUntil(BEGIN + DAY);
        rest(producer);
        if (checker.violation() == null) {
            extension.checkAtEnd();
            checker.checkAtEnd();
        }
    }

    private void checkPeriodically() {
        loop.after(MINUTE, () -> {
            checker.checkPeriodically();
            checkPeriodically();
        });
    }

    /** Ends all faults; outages in progress end. */
    private void rest(Producer producer) {
        loop.after(2L * 240_000, () -> {
            rates.clear();
            sender.stopFaults();
            extension.stopFaults();
            producer.resumeAll();
        });
        long end = loop.now() + SETTLED_WITHIN;
        do {
            loop.runUntil(loop.now() + 10 * MINUTE);
        } while (!loop.isStopped() && loop.now() < end && !isSettled());
    }

    private boolean isSettled() {
        return extension.isIdle() && catalog.all().stream().allMatch(n -> n.nextAttemptAt() == null);
    }

    /** The world as the extension sees it. */
    private SimulationExtension.World worldView() {
        return new SimulationExtension.World() {
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
            public Scenario.FaultProfile faultProfile() {
                return scenario.faultProfile();
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
                checker.violated(what);
            }

            @Override
            public void count(String what) {
                checker.count(what);
            }

            @Override
            public void log(Supplier<String> what) {
                checker.log(what);
            }
        };
    }

    /** Hours since the start, with their fraction. */
    double hour() {
        return MerchantBehavior.hour(loop.now() - BEGIN);
    }
}
