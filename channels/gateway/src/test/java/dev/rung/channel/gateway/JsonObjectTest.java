package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    private static JsonObject parse(String text) {
        return JsonObject.parse(text.getBytes(UTF_8));
    }

    @Test
    void numbersKeepTheirDigits() {
        JsonObject object =
                parse("{\"a\":12.30,\"b\":123456789012345678901234567890,\"c\":1E+2,\"d\":true,\"e\":null,\"f\":[1]}");

        assertThat(object.text("a")).isEqualTo("12.30");
        assertThat(object.text("b")).isEqualTo("123456789012345678901234567890");
        assertThat(object.text("c")).isEqualTo("1E+2");
        assertThat(object.text("d")).isEqualTo("true");
        assertThat(object.text("e")).isNull();
        assertThat(object.text("f")).isNull();
    }

    @Test
    void anObjectWithinKeepsItsBytes() {
        JsonObject object = parse("{\"茶\": { \"a\" : \"1\\/2\", \"b\":{\"c\":1} } ,\"sign\":\"x\"}");

        assertThat(object.bytes("茶")).asString(UTF_8).isEqualTo("{ \"a\" : \"1\\/2\", \"b\":{\"c\":1} }");
        assertThat(object.object("茶").text("a")).isEqualTo("1/2");
        assertThat(object.object("茶").object("b").text("c")).isEqualTo("1");
        assertThat(object.object("茶").bytes("b")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{}{}", "{\"a\":1,\"a\":2}", "{a:1}", "{\"a\":1}x"})
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        byte[] bytes = JsonObject.write(json -> {
            json.writeStringProperty("a", "茶\"\n");
            json.writeObjectPropertyStart("amount");
            json.writeNumberProperty("total", 1230L);
            json.writeEndObject();
        });

        assertThat(bytes).asString(UTF_8).isEqualTo("{\"a\":\"茶\\\"\\n\",\"amount\":{\"total\":1230}}");
        assertThat(JsonObject.parse(bytes).text("a")).isEqualTo("茶\"\n");
    }
}
