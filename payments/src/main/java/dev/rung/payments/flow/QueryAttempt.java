package dev.rung.payments.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The time and the record of one attempt of a compensating query. The outcome is acknowledged if the state is final; declined if the channel answered and
 * it is not; timed out or unreachable if the channel did not answer.
 */
final class QueryAttempt {
    /** A further call is made only if this much of the attempt's time is left. */
    private static final Duration TIME_FOR_ANOTHER_CALL = Duration.ofSeconds(3);

    private final InstantSource clock;
    private final Instant startedAt;
    /** The channel's answers, one line per call. Written by the thread of the query, read by the thread that ends it at the deadline. */
    private volatile String answers = "";

    QueryAttempt(InstantSource clock) {
        this.clock = clock;
        this.startedAt = now();
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    boolean hasTimeForAnotherCall() {
        Duration left = Sender.DEADLINE.minus(Duration.between(startedAt, now()));
        return left.compareTo(TIME_FOR_ANOTHER_CALL) >= 0;
    }

    /** Records what the channel answered to a call; null if it did not answer. */
    void note(String call, @Nullable String answer) {
        if (answer != null) {
            answers = answers + (answers.isEmpty() ? "" : "\n") + call + ": " + answer;
        }
    }

    /** The state is final: no further query. */
    Result ended() {
        return new Result(Outcome.ACKNOWLEDGED, answer(), null, null);
    }

    /** The state is not final: the next query follows after the wait. */
    Result open(Outcome outcome, String why, Duration wait) {
        return new Result(outcome, answer(), why, null, wait);
    }

    /**
     * The outcome of a call after which the state is not final.
     *
     * @param answered whether the channel answered, whatever it said
     */
    static Outcome outcome(boolean answered, int durationMillis) {
        if (answered) {
            return Outcome.DECLINED;
        }
        return durationMillis >= Sender.DEADLINE.toMillis() / 2 ? Outcome.TIMED_OUT : Outcome.UNREACHABLE;
    }

    private Attempt.@Nullable Answer answer() {
        return answers.isEmpty() ? null : new Attempt.Answer(0, "", answers.getBytes(StandardCharsets.UTF_8));
    }
}
