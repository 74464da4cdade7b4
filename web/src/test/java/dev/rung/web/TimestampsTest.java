package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @Test
    void whatIsWrittenIsTheSameInstantToTheMillisecond() {
        Random random = new Random(3);
        long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
        for (int i = 0; i < 20_000; i++) {
            long millis = random.nextLong(last + 1);
            assertThat(Timestamps.text(millis)).hasSize(24);
            assertThat(Instant.parse(Timestamps.text(millis)).toEpochMilli()).isEqualTo(millis);
            assertThat(Timestamps.parse(Timestamps.text(millis)).toEpochMilli()).isEqualTo(millis);
        }
        assertThat(Timestamps.text(0)).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(Timestamps.text(last)).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T10:00:00Z, 2026-11-23T10:00:00Z",
        "2026-11-23t10:00:00z, 2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00.5+08:00, 2026-11-23T02:00:00.5Z",
        "2026-11-23T10:00:00.123456789-00:30, 2026-11-23T10:30:00.123456789Z",
        "2028-02-29T23:59:59Z, 2028-02-29T23:59:59Z"
    })
    void rfc3339IsRead(String text, String instant) {
        assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-11-23",
                "2026-11-23T10:00Z",
                "2026-11-23T10:00:00",
                "2026-11-23 10:00:00Z",
                "2026-11-23T10:00:00.Z",
                "2026-11-23T10:00:00+8",
                "2026-11-23T24:00:00Z",
                "2026-11-23T10:00:60Z",
                "2026-02-29T10:00:00Z",
                "2026-13-01T10:00:00Z",
                "+12026-11-23T10:00:00Z",
                "26-11-23T10:00:00Z",
                "2026-11-23T10:00:00Zulu"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
