package dev.rung.core.sim;

import dev.rung.core.model.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a merchant answers. */
enum MerchantBehavior {
    PROMPT,
    SLOW,
    /** Declines each notification's first few requests. */
    FAILS_AT_FIRST,
    /** Never answers in time. */
    HANGS,
    /** Resolves to an address that is not allowed. */
    REFUSED,
    /** Healthy for a few minutes, then failing for a few. */
    FLAPS,
    /** Down from morning to evening. */
    DIES_AND_COMES_BACK,
    /** Handles the request, but its answer is often lost. */
    FORGETFUL,
    /** Answers with a Retry-After. */
    BUSY,
    /** Never acknowledges. */
    DECLINES;

    private static final int DEADLINE_MILLIS = 5_000;
    private static final long HOUR = 3_600_000;

    /**
     * An answer.
     *
     * @param reached whether the merchant saw the request
     */
    record Reply(
            Outcome outcome,
            int millis,
            boolean reached,
            @Nullable Duration retryAfter) {}

    /**
     * Answers a request.
     *
     * @param hour of the run, with its fraction
     * @param requestsBefore earlier requests of this notification
     */
    Reply reply(VirtualTimeLoop loop, double hour, int requestsBefore) {
        return switch (this) {
            case PROMPT -> acknowledged(2 + loop.upTo(60));
            case SLOW -> acknowledged(800 + loop.upTo(3_600));
            case FAILS_AT_FIRST -> requestsBefore < 3 ? declined(loop, null) : acknowledged(5 + loop.upTo(40));
            case HANGS -> timedOut();
            case REFUSED -> new Reply(Outcome.REFUSED, loop.upTo(2), false, null);
            case FLAPS -> (long) (hour * 12) % 2 == 0 ? acknowledged(5 + loop.upTo(40)) : ill(loop);
            case DIES_AND_COMES_BACK -> hour > 6 && hour < 15 ? ill(loop) : acknowledged(5 + loop.upTo(40));
            case FORGETFUL -> loop.chance(0.4) ? timedOut() : acknowledged(5 + loop.upTo(400));
            case BUSY ->
                loop.chance(0.5)
                        ? declined(loop, Duration.ofSeconds(1 + loop.upTo(900)))
                        : acknowledged(5 + loop.upTo(40));
            case DECLINES -> declined(loop, null);
        };
    }

    private static Reply acknowledged(int millis) {
        return new Reply(Outcome.ACKNOWLEDGED, millis, true, null);
    }

    private static Reply declined(VirtualTimeLoop loop, @Nullable Duration retryAfter) {
        return new Reply(Outcome.DECLINED, 3 + loop.upTo(100), true, retryAfter);
    }

    private static Reply timedOut() {
        return new Reply(Outcome.TIMED_OUT, DEADLINE_MILLIS, true, null);
    }

    private static Reply ill(VirtualTimeLoop loop) {
        return switch (loop.upTo(3)) {
            case 0 -> timedOut();
            case 1 -> new Reply(Outcome.UNREACHABLE, loop.upTo(50), false, null);
            default -> declined(loop, null);
        };
    }

    static double hour(long millis) {
        return (double) millis / HOUR;
    }
}
