package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldValidatorsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example",
                "HTTPS://Shop.Example:443/pay?order=1&x=%20",
                "https://shop.example:1024/",
                "https://shop.example:65535?q",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f000001:8080/",
                "http://[::1]:8080/a",
                "http://[::ffff:127.0.0.1]/",
                "http://a_b.example/~x;y=(1)!*'"
            })
    void whatCouldBeAnAddressIsTaken(String url) {
        assertThat(FieldValidators.url(url)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop.example",
                "//shop.example/",
                "ftp://shop.example/",
                "file:///etc/passwd",
                "http://",
                "http:///a",
                "http://:80/",
                "http://user@shop.example/",
                "http://user:word@shop.example/",
                "http://shop.example:0/",
                "http://shop.example:21/",
                "http://shop.example:1023/",
                "http://shop.example:65536/",
                "http://shop.example:/",
                "http://shop.example:80x/",
                "http://shop.example/#a",
                "http://shop.example/a b",
                "http://shop.example/é",
                "http://shop.example/%zz",
                "http://shop.example\\@internal/",
                "http://shop.example/\\a",
                "http://[::1/",
                "http://sh op/",
                " http://shop.example/",
                "http://shop.example/\n",
                "javascript:alert(1)"
            })
    void whatCouldNotIsRefused(String url) {
        assertThatThrownBy(() -> FieldValidators.url(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aUrlHasAtMost2048Characters() {
        String begin = "http://shop.example/";
        assertThat(FieldValidators.url(begin + "a".repeat(2048 - begin.length())))
                .hasSize(2048);
        assertThatThrownBy(() -> FieldValidators.url(begin + "a".repeat(2049 - begin.length())))
                .hasMessageContaining("2048");
    }

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
