package dev.rung.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "30s, 30000",
        "10m, 600000",
        "1h30m, 5400000",
        "1500ms, 1500",
        "1s500ms, 1500",
        "1m500ms, 60500",
        "24h, 86400000",
        "30d, 2592000000",
        "1d2h3m4s5ms, 93784005",
        "0s, 0",
        "90s, 90000"
    })
    void aDurationIsRead(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "30",
                "s",
                "-1s",
                "+1s",
                "1.5s",
                "1 s",
                "1s ",
                "30S",
                "PT30S",
                "1s1m",
                "1s1s",
                "٣s",
                "1234567890s"
            })
    void whatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage("is not a duration such as \"30s\", \"10m\" or \"1h30m\"");
    }

    @ParameterizedTest
    @CsvSource({"155000, 155s", "1500, 1500ms", "1, 1ms", "0, 0s", "86400000, 86400s", "60001, 60001ms"})
    void aDurationIsWrittenInSecondsOrElseMilliseconds(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }
}
