package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WrongKeyLimitTest {
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final WrongKeyLimit limit = new WrongKeyLimit(() -> now);

    @Test
    void theThirtyFirstWrongKeyOfAnAddressInAMinuteIsToWait() {
        for (int i = 0; i < 30; i++) {
            assertThat(limit.count("203.0.113.7")).isZero();
        }
        now = now.plusSeconds(20);
        assertThat(limit.count("203.0.113.7")).isEqualTo(40);
        assertThat(limit.count("203.0.113.8")).isZero();
        now = now.plusSeconds(40);
        assertThat(limit.count("203.0.113.7")).isZero();
        assertThat(limit.total()).isEqualTo(33);
    }

    @Test
    void addressesOfOneIpv6NetworkCountTogether() {
        for (int i = 0; i < 30; i++) {
            limit.count("2001:db8:1:2::" + i);
        }
        assertThat(limit.count("2001:db8:1:2:ffff::1")).isPositive();
        assertThat(limit.count("2001:db8:1:3::1")).isZero();
    }

    @Test
    void manyAddressesDoNotLimitEachOther() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(limit.count("10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff)))
                    .isZero();
        }
    }
}
