package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.client.JsonReader.JsonException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static Object read(String text) throws JsonException {
        return JsonReader.read(text, 100);
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        assertThat(read(" {\"a\" : [ 1, -0.5e+3 ,true,false,null ], \"\\u8336\\n\\\"\":\"\uD83C\uDF75 \\/\" }\r\n"))
                .isEqualTo(Map.of(
                        "a",
                        Arrays.asList(new BigDecimal("1"), new BigDecimal("-0.5e+3"), true, false, null),
                        "茶\n\"",
                        "\uD83C\uDF75 /"));
        assertThat(read("[]")).isEqualTo(List.of());
        assertThat(read("{}")).isEqualTo(Map.of());
        assertThat(read("0")).isEqualTo(BigDecimal.ZERO);
    }

    @Test
    void numbersMayHaveAnyLengthAndExponent() throws Exception {
        assertThat(read("1e99999999999")).isEqualTo("1e99999999999");
        assertThat(read("1".repeat(5_000))).isEqualTo("1".repeat(5_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "tru",
                "{",
                "[",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\uff١1\"",
                "\"\n\"",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "NaN",
                "Infinity",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{,}",
                "[1,]",
                "[1 2]",
                "'a'",
                "1 2",
                "{\"x\":1},\"url\":\"http://elsewhere\"",
                "{\"x\":1}},{\"merchant_id\":\"mch_2\"",
                "// no",
                "\uFEFF1",
                "\"\uD83C\"",
                "\"\uDF75\"",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}"
            })
    void refusesWhatIsNotStrictlyJson(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(JsonException.class)
                .hasMessageMatching(".+, at character \\d+");
    }

    @Test
    void boundsTheNesting() throws Exception {
        assertThat(JsonReader.read("[[1]]", 2)).isEqualTo(List.of(List.of(BigDecimal.ONE)));
        assertThatThrownBy(() -> JsonReader.read("[[[1]]]", 2)).hasMessageContaining("more than 2 deep");
        assertThatThrownBy(() -> read("[".repeat(1_000_000))).hasMessageContaining("more than 100 deep");
    }
}
