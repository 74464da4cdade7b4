package dev.rung.core.sim;

import java.util.List;

/** Schedules outages and periods with high fault rates. */
final class FaultSchedule {
    private static final int LONGEST_MILLIS = 240_000;

    private final Simulation world;
    private final VirtualTimeLoop loop;
    private final FaultRates rates;

    FaultSchedule(Simulation world) {
        this.world = world;
        this.loop = world.loop;
        this.rates = world.rates;
    }

    void plan() {
        for (int i = 0; i < world.scenario.outages(); i++) {
            loop.at(Simulation.BEGIN + loop.upTo(Simulation.DAY), this::begin);
        }
    }

    private void begin() {
        switch (world.scenario.faultProfile()) {
            case WIPED -> brokerIsWiped();
            case CUT -> connectionBreaks();
            case NONE, LOSSY, MIXED -> anything();
        }
    }

    private void anything() {
        List<Runnable> outages = List.of(
                this::storeFails,
                this::storeIsAway,
                this::storeIsSlow,
                this::brokerIsAway,
                this::brokerIsWiped,
                this::connectionsBreak,
                this::serversCrash,
                this::serverCrashes,
                this::serverStops,
                this::wakesVanish,
                this::wakesAreLate);
        outages.get(loop.upTo(outages.size())).run();
    }

    private void until(String what, int longest) {
        world.checker.faultBegins(what);
        loop.after(1 + loop.upTo(longest), () -> {
            world.scenario.settle(rates);
            world.checker.faultEnds("the fault ends");
        });
    }

    private void storeFails() {
        rates.storeFails = 0.3;
        until("the store fails", LONGEST_MILLIS);
    }

    private void storeIsAway() {
        rates.storeAway = true;
        until("the store is away", LONGEST_MILLIS);
    }

    private void storeIsSlow() {
        rates.storeSlow = 0.5;
        rates.storeSlowMillis = 1_500;
        until("the store is slow", LONGEST_MILLIS);
    }

    private void brokerIsAway() {
        world.checker.faultBegins("the broker is away");
        world.broker.goDown();
        loop.after(1 + loop.upTo(LONGEST_MILLIS), () -> {
            world.checker.faultEnds("the broker is back");
            world.broker.comeUp();
        });
    }

    private void brokerIsWiped() {
        world.checker.faultBegins("the broker is wiped");
        world.broker.goDown();
        world.broker.wipe();
        loop.after(1 + loop.upTo(30_000), () -> {
            world.checker.faultEnds("the broker is back");
            world.broker.comeUp();
            world.checker.wiped(world.catalog.queued());
        });
    }

    private void connectionsBreak() {
        world.checker.disturbed("connections break");
        for (SimServer server : world.servers) {
            loop.after(loop.upTo(10_000), server::cutConnection);
        }
    }

    private void connectionBreaks() {
        world.checker.disturbed("a connection breaks");
        world.servers.get(loop.upTo(world.servers.size())).cutConnection();
    }

    private void serversCrash() {
        rates.crash = 0.1;
        until("servers crash", LONGEST_MILLIS);
    }

    private void serverCrashes() {
        world.servers.get(loop.upTo(world.servers.size())).kill();
    }

    private void serverStops() {
        world.servers.get(loop.upTo(world.servers.size())).stop();
    }

    private void wakesVanish() {
        rates.lose = 0.7;
        until("wakes vanish", LONGEST_MILLIS);
    }

    private void wakesAreLate() {
        rates.late = 0.5;
        rates.repeat = 0.3;
        rates.reorder = 0.8;
        until("wakes are late", LONGEST_MILLIS);
    }
}
