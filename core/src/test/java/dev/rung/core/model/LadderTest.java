package dev.rung.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LadderTest {

    private static String preset(String name) {
        assertThat(Ladder.presets()).containsKey(name);
        Ladder ladder = Objects.requireNonNull(Ladder.presets().get(name));
        return String.join(",", ladder.steps().stream().map(Durations::text).toList());
    }

    @Test
    void doublingWaitsFiveTimesTwoToTheNthMinusOne() {
        assertThat(preset("doubling")).isEqualTo("5s,15s,35s,75s,155s");
    }

    @Test
    void theOtherPresetsAreAsDescribed() {
        assertThat(preset("steps")).isEqualTo("3s,30s,60s,120s,180s,300s");
        assertThat(preset("wechat"))
                .isEqualTo("15s,15s,30s,180s,600s,1200s,1800s,1800s,1800s,3600s,10800s,10800s,10800s,21600s,21600s");
        assertThat(preset("alipay")).isEqualTo("240s,600s,600s,3600s,7200s,21600s,54000s");
        assertThat(preset("standard-webhooks")).isEqualTo("5s,300s,1800s,7200s,18000s,36000s,50400s,72000s,86400s");
        assertThat(Ladder.presets()).containsOnlyKeys("steps", "doubling", "wechat", "alipay", "standard-webhooks");
    }

    @Test
    void stepsIsTheDefault() {
        assertThat(Ladder.DEFAULT_NAME).isEqualTo("steps");
    }

    @Test
    void presetsCannotBeChanged() {
        Map<String, Ladder> presets = Ladder.presets();
        assertThatThrownBy(() -> presets.put("steps", Ladder.of("1s")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aClimbMakesOneAttemptMoreThanThereAreSteps() {
        assertThat(Ladder.of("1s", "2s").attemptsMax()).isEqualTo(3);
    }

    @Test
    void aLadderHasOneToFiftySteps() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ladder(List.of()));
        List<Duration> fifty = Collections.nCopies(50, Duration.ofSeconds(1));
        assertThat(new Ladder(fifty).steps()).hasSize(50);
        List<Duration> more = Collections.nCopies(51, Duration.ofSeconds(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ladder(more))
                .withMessageContaining("50")
                .withMessageContaining("51");
    }

    @Test
    void aStepIsBetweenASecondAndADay() {
        assertThat(Ladder.of("1s", "24h").steps()).containsExactly(Duration.ofSeconds(1), Duration.ofDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ladder.of("999ms"))
                .withMessageContaining("999ms");
        assertThatIllegalArgumentException().isThrownBy(() -> Ladder.of("24h1ms"));
    }

    @Test
    void theCompactFormIsReadBackAsItWas() {
        Ladder ladder = Ladder.of("1500ms", "30s", "24h");
        assertThat(ladder.compact()).isEqualTo("1500,30000,86400000");
        assertThat(Ladder.parseCompact(ladder.compact())).isEqualTo(ladder);
        assertThatIllegalArgumentException().isThrownBy(() -> Ladder.parseCompact("1500,,30000"));
        assertThatIllegalArgumentException().isThrownBy(() -> Ladder.parseCompact(""));
    }
}
