package dev.rung.core.sim;

import java.util.SplittableRandom;

/**
 * What a seed's history is like.
 *
 * @param shared several servers on one broker; otherwise one server with its queue in process
 * @param storms how often something goes badly wrong: store or broker away, crashes, a wiped broker
 * @param sweeping whether lost wakes are looked for; a history without that must go wrong
 */
public record Scenario(
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
    public enum Climate {
        /** Nothing goes wrong at all. */
        CALM,
        /** Only that wakes are lost: each must be re-armed within 15 s of being due. */
        LOSSY,
        /** Only that the broker is wiped now and then: everything must be re-armed within 15 s of its return. */
        WIPED,
        /** Only that connections break: no two living servers may attempt the same at once. */
        CUT,
        /** A little of everything. */
        ROUGH
    }

    public static Scenario of(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x52756e67);
        Climate climate = switch ((int) Math.floorMod(seed, 8L)) {
            case 0 -> Climate.CALM;
            case 1 -> Climate.LOSSY;
            case 2 -> Climate.WIPED;
            case 3 -> Climate.CUT;
            default -> Climate.ROUGH;
        };
        boolean shared = random.nextInt(10) < 7 || climate == Climate.WIPED || climate == Climate.CUT;
        int maxInFlight = 4 + random.nextInt(20);
        return new Scenario(
                seed,
                climate,
                shared,
                shared ? (climate == Climate.CUT ? 2 : 1) + random.nextInt(3) : 1,
                2 * maxInFlight + random.nextInt(40),
                maxInFlight,
                4 + random.nextInt(10),
                200 + random.nextInt(400),
                switch (climate) {
                    case CALM, LOSSY -> 0;
                    case WIPED -> 6;
                    case CUT -> 20;
                    case ROUGH -> 4 + random.nextInt(16);
                },
                true);
    }

    Scenario withoutSweeper() {
        return new Scenario(
                seed, climate, shared, servers, prefetch, maxInFlight, merchants, notifications, storms, false);
    }

    /** The same, with so many notifications of producers. */
    public Scenario withNotifications(int count) {
        return new Scenario(seed, climate, shared, servers, prefetch, maxInFlight, merchants, count, storms, sweeping);
    }

    /** The weather between storms. */
    void settle(FaultRates weather) {
        weather.clear();
        switch (climate) {
            case CALM, WIPED -> {}
            case CUT -> weather.cut = 0.3;
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
                weather.cut = 0.01;
            }
        }
    }
}
