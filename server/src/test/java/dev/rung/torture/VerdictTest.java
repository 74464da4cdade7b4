package dev.rung.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.torture.MerchantEndpoint.Received;
import dev.rung.torture.Verdict.Window;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The checker finds what it is there for. */
class VerdictTest {
    private static final long DUE = 1_000_000;
    private static final Received FIRST = new Received(DUE, 1, 500);
    private static final Received SECOND = new Received(DUE + 1_000, 2, 200);

    private final Verdict verdict = new Verdict(List.of(), List.of());

    private static JsonNode record(String state, int... numbers) {
        StringBuilder attempts = new StringBuilder();
        for (int number : numbers) {
            attempts.append(attempts.isEmpty() ? "" : ",")
                    .append("{\"number\":%d,\"due_at\":\"%s\",\"http_status\":200}"
                            .formatted(number, Instant.ofEpochMilli(DUE + 1_000L * (number - 1))));
        }
        return new ObjectMapper().readTree("{\"state\":\"" + state + "\",\"attempts\":[" + attempts + "]}");
    }

    @Test
    void whatWentWellIsGood() {
        verdict.look("a", List.of(FIRST, SECOND), record("delivered", 1, 2));
        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.worstLateness()).isZero();
    }

    @Test
    void aLostOneIsFound() {
        verdict.look("a", List.of(FIRST), record("waiting", 1));
        assertThat(verdict.count("lost")).isOne();
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void anExtraRequestNeedsABrokenServer() {
        List<Received> twice = List.of(FIRST, SECOND, new Received(DUE + 1_500, 2, 200));
        verdict.look("a", twice, record("delivered", 1, 2));
        assertThat(verdict.count("extra_unexplained")).isOne();

        Window killed = new Window(DUE + 900, DUE + 2_000);
        Verdict withReason = new Verdict(List.of(killed), List.of(killed));
        withReason.look("a", twice, record("delivered", 1, 2));
        assertThat(withReason.count("extra_explained")).isOne();
        assertThat(withReason.isGood()).isTrue();
    }

    @Test
    void aLateOneIsFoundAndCountedFromWhenTheCauseWasGone() {
        List<Received> late = List.of(FIRST, new Received(DUE + 21_000, 2, 200));
        verdict.look("a", late, record("delivered", 1, 2));
        assertThat(verdict.count("late")).isOne();

        Verdict withReason = new Verdict(List.of(new Window(DUE + 500, DUE + 10_000)), List.of());
        withReason.look("a", late, record("delivered", 1, 2));
        assertThat(withReason.count("late")).isZero();
        assertThat(withReason.worstLateness()).isEqualTo(11_000);
    }

    @Test
    void anEarlyOneIsFound() {
        verdict.look("a", List.of(FIRST, new Received(DUE + 500, 2, 200)), record("delivered", 1, 2));
        assertThat(verdict.count("early")).isOne();
    }

    @Test
    void recordsThatDisagreeAreFound() {
        verdict.look("a", List.of(FIRST, SECOND), record("exhausted", 1, 2));
        verdict.look("b", List.of(FIRST, SECOND), record("delivered", 1, 2, 3));
        assertThat(verdict.count("records_that_disagree")).isEqualTo(2);
    }
}
