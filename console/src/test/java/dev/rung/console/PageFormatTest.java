package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFormatTest {
    private final PageFormat format = PageFormat.of(Language.ENGLISH);

    @ParameterizedTest
    @CsvSource({
        "PT3S, 3 s",
        "PT1.5S, 1500 ms",
        "PT0S, 0 ms",
        "PT2M, 2 min",
        "PT11M33S, 11 min 33 s",
        "PT1H30M, 1 h 30 min",
        "PT24H, 1 d",
        "PT24H24M, 1 d 24 min",
        "PT75H35M5S, 3 d 3 h 35 min 5 s"
    })
    void aChosenWaitIsSaidExactly(Duration wait, String said) {
        assertThat(format.wait(wait)).isEqualTo(said);
    }

    @Test
    void unitsAreTheLanguages() {
        PageFormat chinese = PageFormat.of(Language.CHINESE);
        assertThat(chinese.wait(Duration.ofSeconds(693))).isEqualTo("11 分 33 秒");
        assertThat(chinese.span(12)).isEqualTo("12 毫秒");
        assertThat(chinese.units()).isEqualTo("秒 分 小时 天");
    }

    @ParameterizedTest
    @CsvSource({
        "12, 12 ms",
        "1534, 1.53 s",
        "59000, 59.0 s",
        "200000, 3 min 20 s",
        "7500000, 2 h 5 min",
        "273600000, 3 d 4 h"
    })
    void aMeasuredSpanIsSaidInItsTwoGreatestUnits(long millis, String said) {
        assertThat(format.span(millis)).isEqualTo(said);
    }
}
