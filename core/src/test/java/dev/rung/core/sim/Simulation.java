package dev.rung.core.sim;

import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationCatalog;
import dev.rung.core.memory.MemoryNotificationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One history, made from one seed: 24 hours of servers, broker, merchants and people, then calm until everything is settled.
 */
final class Simulation {
    static final long BEGIN = Instant.parse("2026-01-15T00:00:00Z").toEpochMilli();
    static final int DAY = 24 * 3_600_000;
    private static final int MINUTE = 60_000;
    /** With all merchants well nothing waits longer than the longest rung. */
    private static final long SETTLED_WITHIN = 3L * DAY;

    final Scenario scenario;
    final boolean tracing;
    final Loop loop;
    final Weather weather = new Weather();
    final Witness witness;
    final MemoryNotificationStore store;
    final MemoryNotificationCatalog catalog;
    final MemoryMerchantStore merchants = new MemoryMerchantStore();
    final SimSender sender;
    final SimBroker broker;
    final List<SimServer> servers = new ArrayList<>();

    /** What became of a history. */
    record Result(Scenario scenario, @Nullable String violation, Map<String, Integer> counts, List<String> trace) {}

    private Simulation(Scenario scenario, boolean tracing) {
        this.scenario = scenario;
        this.tracing = tracing;
        this.loop = new Loop(scenario.seed(), BEGIN);
        this.witness = new Witness(this);
        this.store = new MemoryNotificationStore(() -> Instant.ofEpochMilli(loop.now()));
        this.catalog = store.catalog();
        this.sender = new SimSender(this);
        this.broker = new SimBroker(loop, weather, witness);
    }

    static Result run(Scenario scenario, boolean tracing) {
        Simulation simulation = new Simulation(scenario, tracing);
        simulation.live();
        Witness witness = simulation.witness;
        return new Result(scenario, witness.violation(), witness.counts(), witness.trace());
    }

    private void live() {
        scenario.settle(weather);
        store.watchedBy(witness);
        store.failing(method -> weather.transaction(loop));
        Producer producer = new Producer(this);
        producer.begin();
        for (int i = 1; i <= scenario.servers(); i++) {
            SimServer server = new SimServer(this, i);
            servers.add(server);
            loop.after(loop.upTo(2_000), server::start);
        }
        new Storms(this).plan();
        broker.noticeWipes();
        lookRound();
        loop.runUntil(BEGIN + DAY);
        rest(producer);
        if (witness.violation() == null) {
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
            producer.resumeAll();
        });
        long end = loop.now() + SETTLED_WITHIN;
        do {
            loop.runUntil(loop.now() + 10 * MINUTE);
        } while (!loop.isStopped() && loop.now() < end && !isSettled());
    }

    private boolean isSettled() {
        return catalog.all().stream().allMatch(n -> n.nextAttemptAt() == null);
    }

    /** Hours since the beginning, with their fraction. */
    double hour() {
        return Temper.hour(loop.now() - BEGIN);
    }
}
