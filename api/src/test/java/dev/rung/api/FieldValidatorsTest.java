package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FieldValidatorsTest {

    @Test
    void lengthsAreCountedAtTheirBounds() {
        assertThat(FieldValidators.orderNo("~".repeat(64))).hasSize(64);
        assertThatThrownBy(() -> FieldValidators.orderNo("~".repeat(65))).isInstanceOf(IllegalArgumentException.class);
        assertThat(FieldValidators.eventType("a.B-9_".repeat(10) + "abcd")).hasSize(64);
        assertThatThrownBy(() -> FieldValidators.eventType("a".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(FieldValidators.idempotencyKey("钥匙")).isEqualTo("钥匙");
        assertThatThrownBy(() -> FieldValidators.idempotencyKey("a\u0000"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldValidators.idempotencyKey("\ud83c")).isInstanceOf(IllegalArgumentException.class);
        assertThat(FieldValidators.idempotencyKey("🍵")).isEqualTo("🍵");
    }
}
