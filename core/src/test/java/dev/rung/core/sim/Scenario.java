package dev.rung.core.sim;

import java.util.SplittableRandom;

/**
 * The parameters of a run.
 *
 * @param shared several servers on one broker; otherwise one server with an in-process queue
 * @param outages number of outages: store or broker unreachable, crashes, a wiped broker
 * @param sweeping whether the sweeper runs; a run without it must fail
 */
public record Scenario(
        long seed,
        FaultProfile faultProfile,
        boolean shared,
        int servers,
        int prefetch,
        int maxInFlight,
        int merchants,
        int notifications,
        int outages,
        boolean sweeping) {

    /** The fault rates between outages. */
    public enum FaultProfile {
        /** No faults. */
        NONE,
        /** Wakes are lost: each must be re-armed within 15 s of its due time. */
        LOSSY,
        /** The broker is wiped sometimes: everything must be re-armed within 15 s of its return. */
        WIPED,
        /** Connections break: no two running servers may make the same attempt at the same time. */
        CUT,
        /** A mixture of all faults. */
        MIXED
    }

    public static Scenario of(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x52756e67);
        FaultProfile faultProfile = switch ((int) Math.floorMod(seed, 8L)) {
            case 0 -> FaultProfile.NONE;
            case 1 -> FaultProfile.LOSSY;
            case 2 -> FaultProfile.WIPED;
            case 3 -> FaultProfile.CUT;
            default -> FaultProfile.MIXED;
        };
        boolean shared =
                random.nextInt(10) < 7 || faultProfile == FaultProfile.WIPED || faultProfile == FaultProfile.CUT;
        int maxInFlight = 4 + random.nextInt(20);
        return new Scenario(
                seed,
                faultProfile,
                shared,
                shared ? (faultProfile == FaultProfile.CUT ? 2 : 1) + random.nextInt(3) : 1,
                2 * maxInFlight + random.nextInt(40),
                maxInFlight,
                4 + random.nextInt(10),
                200 + random.nextInt(400),
                switch (faultProfile) {
                    case NONE, LOSSY -> 0;
                    case WIPED -> 6;
                    case CUT -> 20;
                    case MIXED -> 4 + random.nextInt(16);
                },
                true);
    }

    Scenario withoutSweeper() {
        return new Scenario(
                seed, faultProfile, shared, servers, prefetch, maxInFlight, merchants, notifications, outages, false);
    }

    /** The same scenario with another number of submitted notifications. */
    public Scenario withNotifications(int count) {
        return new Scenario(
                seed, faultProfile, shared, servers, prefetch, maxInFlight, merchants, count, outages, sweeping);
    }

    /** Sets the rates between outages. */
    void settle(FaultRates rates) {
        rates.clear();
        switch (faultProfile) {
            case NONE, WIPED -> {}
            case CUT -> rates.cut = 0.3;
            case LOSSY -> rates.lose = 0.25;
            case MIXED -> {
                rates.storeFails = 0.002;
                rates.storeSlow = 0.05;
                rates.lose = 0.03;
                rates.repeat = 0.03;
                rates.late = 0.02;
                rates.unconfirmed = 0.02;
                rates.unroutable = 0.01;
                rates.probeLost = 0.05;
                rates.reorder = 0.2;
                rates.crash = 0.002;
                rates.cut = 0.01;
            }
        }
    }
}
