package dev.rung.payments.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefundLimitsTest {
    @Test
    void oneAboveTheLimitOfItsCurrencyIsExceeding() {
        RefundLimits limits = RefundLimits.parse(List.of("1000.00 CNY", "0 JPY", "1.5 KWD"));
        assertThat(limits.isExceededBy(Money.of(100_000, "CNY"))).isFalse();
        assertThat(limits.isExceededBy(Money.of(100_001, "CNY"))).isTrue();
        assertThat(limits.isExceededBy(Money.of(1, "JPY"))).isTrue();
        assertThat(limits.isExceededBy(Money.of(1_500, "KWD"))).isFalse();
        assertThat(limits.isExceededBy(Money.of(999_999, "USD"))).isFalse();
        assertThat(limits.compact()).isEqualTo("CNY 100000,JPY 0,KWD 1500");
        assertThat(RefundLimits.NONE.isExceededBy(Money.of(1, "CNY"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1000", "CNY 1000", "1000.001 CNY", "-1 CNY", "1000 XXX", "1000 yuan", "1 000 CNY", "x CNY"})
    void whatIsNoAmountIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefundLimits.parse(List.of(text)))
                .withMessage("\"" + text + "\" is not an amount such as 1000.00 CNY");
    }

    @Test
    void aCurrencyHasOneLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefundLimits.parse(List.of("1 CNY", "2 CNY")))
                .withMessage("has more than one limit in CNY");
    }
}
