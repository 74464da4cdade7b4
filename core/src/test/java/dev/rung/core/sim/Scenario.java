package dev.rung.core.sim;

import java.util.SplittableRandom;

/**
 * What a seed's history is like.
 *
 * @param shared several servers on one broker; otherwise one server with its queue in process
 * @param storms how often something goes badly wrong: store or broker away, crashes, a wiped broker
 * @param sweeping whether lost wakes are looked for; a history without that must go wrong
 */
record Scenario(
        long seed,
        Climate climate,
        boolean shared,
        int servers,
        int prefetch,
        int maxInFlight,
        int merchants,
        int notifications,
        int storms,
        boolean sweeping) {

    /** What weather there is between storms. */
    enum Climate {
        /** Nothing goes wrong at all. */
        CALM,
        /** Only that wakes are lost: each must be re-armed within 15 s of being due. */
        LOSSY,
        /** A little of everything. */
        ROUGH
    }

    static Scenario of(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x52756e67);
        Climate climate = switch ((int) Math.floorMod(seed, 8L)) {
            case 0 -> Climate.CALM;
            case 1 -> Climate.LOSSY;
            default -> Climate.ROUGH;
        };
        boolean shared = random.nextInt(10) < 7;
        int maxInFlight = 4 + random.nextInt(20);
        return new Scenario(
                seed,
                climate,
                shared,
                shared ? 1 + random.nextInt(3) : 1,
                2 * maxInFlight + random.nextInt(40),
                maxInFlight,
                4 + random.nextInt(10),
                200 + random.nextInt(400),
                climate == Climate.ROUGH ? 4 + random.nextInt(16) : 0,
                true);
    }

    Scenario withoutSweeper() {
        return new Scenario(
                seed, climate, shared, servers, prefetch, maxInFlight, merchants, notifications, storms, false);
    }

    /** The weather between storms. */
    void settle(Weather weather) {
        weather.clear();
        switch (climate) {
            case CALM -> {}
            case LOSSY -> weather.lose = 0.25;
            case ROUGH -> {
                weather.storeFails = 0.002;
                weather.storeSlow = 0.05;
                weather.lose = 0.03;
                weather.repeat = 0.03;
                weather.late = 0.02;
                weather.unconfirmed = 0.02;
                weather.unroutable = 0.01;
                weather.probeLost = 0.05;
                weather.reorder = 0.2;
                weather.crash = 0.002;
            }
        }
    }
}
