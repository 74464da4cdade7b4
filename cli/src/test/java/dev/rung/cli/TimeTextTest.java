package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.004S, 4 ms",
        "PT3S, 3 s",
        "PT33.292S, 33.292 s",
        "PT2M, 2 m",
        "PT2M0.5S, 2 m 0.500 s",
        "PT1H2M3.456S, 1 h 2 m 3.456 s",
        "PT24H, 1 d",
        "PT25H0M7S, 1 d 1 h 7 s"
    })
    void anExactSpanNamesNoUnitThatIsNought(Duration span, String said) {
        assertThat(TimeText.exact(span)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.4S, 0 s",
        "PT26.6S, 27 s",
        "PT2M, 2 m",
        "PT1M30S, 1 m 30 s",
        "PT5H, 5 h",
        "PT5H7M9S, 5 h 7 m",
        "PT48H, 2 d",
        "PT51H, 2 d 3 h"
    })
    void aRoughSpanNamesTheTwoGreatestUnitsThatAreNotNought(Duration span, String said) {
        assertThat(TimeText.rough(span)).isEqualTo(said);
    }
}
