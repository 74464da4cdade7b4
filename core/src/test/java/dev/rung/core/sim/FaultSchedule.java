package dev.rung.core.sim;

import java.util.List;

/** What goes badly wrong for a while. */
final class FaultSchedule {
    private static final int LONGEST_MILLIS = 240_000;

    private final Simulation world;
    private final Loop loop;
    private final FaultRates weather;

    FaultSchedule(Simulation world) {
        this.world = world;
        this.loop = world.loop;
        this.weather = world.weather;
    }

    void plan() {
        for (int i = 0; i < world.scenario.storms(); i++) {
            loop.at(Simulation.BEGIN + loop.upTo(Simulation.DAY), this::begin);
        }
    }

    private void begin() {
        switch (world.scenario.climate()) {
            case WIPED -> brokerIsWiped();
            case CUT -> connectionBreaks();
            case CALM, LOSSY, ROUGH -> anything();
        }
    }

    private void anything() {
        List<Runnable> storms = List.of(
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
        storms.get(loop.upTo(storms.size())).run();
    }

    private void until(String what, int longest) {
        world.witness.storm(what);
        loop.after(1 + loop.upTo(longest), () -> {
            world.scenario.settle(weather);
            world.witness.calm("the storm ends");
        });
    }

    private void storeFails() {
        weather.storeFails = 0.3;
        until("the store fails", LONGEST_MILLIS);
    }

    private void storeIsAway() {
        weather.storeAway = true;
        until("the store is away", LONGEST_MILLIS);
    }

    private void storeIsSlow() {
        weather.storeSlow = 0.5;
        weather.storeSlowMillis = 1_500;
        until("the store is slow", LONGEST_MILLIS);
    }

    private void brokerIsAway() {
        world.witness.storm("the broker is away");
        world.broker.goDown();
        loop.after(1 + loop.upTo(LONGEST_MILLIS), () -> {
            world.witness.calm("the broker is back");
            world.broker.comeUp();
        });
    }

    private void brokerIsWiped() {
        world.witness.storm("the broker is wiped");
        world.broker.goDown();
        world.broker.wipe();
        loop.after(1 + loop.upTo(30_000), () -> {
            world.witness.calm("the broker is back");
            world.broker.comeUp();
            world.witness.wiped(world.catalog.queued());
        });
    }

    private void connectionsBreak() {
        world.witness.disturbed("connections break");
        for (SimServer server : world.servers) {
            loop.after(loop.upTo(10_000), server::cutConnection);
        }
    }

    private void connectionBreaks() {
        world.witness.disturbed("a connection breaks");
        world.servers.get(loop.upTo(world.servers.size())).cutConnection();
    }

    private void serversCrash() {
        weather.crash = 0.1;
        until("servers crash", LONGEST_MILLIS);
    }

    private void serverCrashes() {
        world.servers.get(loop.upTo(world.servers.size())).kill();
    }

    private void serverStops() {
        world.servers.get(loop.upTo(world.servers.size())).stop();
    }

    private void wakesVanish() {
        weather.lose = 0.7;
        until("wakes vanish", LONGEST_MILLIS);
    }

    private void wakesAreLate() {
        weather.late = 0.5;
        weather.repeat = 0.3;
        weather.reorder = 0.8;
        until("wakes are late", LONGEST_MILLIS);
    }
}
