package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12.30",
                "-0",
                "1E+2",
                "0",
                "null",
                "true",
                "false",
                "\"a \\u00e9 \\/ \\\" é\"",
                "\"\"",
                "[]",
                "{}",
                "{\"amount\" : 12.30 ,\n\t\"ü\":[1, 2 , {\"payload\":null}]}",
                "[ [ ] , [1.10] ]",
                "123456789012345678901234567890.000",
                "\"\\ud83c\\udf75🍵\""
            })
    void thePayloadKeepsItsBytes(String payload) {
        for (String before : new String[] {"", " ", "\n\t ", "  "}) {
            for (String after : new String[] {"", " ", "\r\n ", "   "}) {
                for (String rest : new String[] {"", ",\"b\":1"}) {
                    byte[] body = ("{\"é\":[1],\"payload\":" + before + payload + after + rest + "}")
                            .getBytes(StandardCharsets.UTF_8);
                    assertThat(payloadOf(body, JsonReader.read(body))).isEqualTo(payload);
                }
            }
        }
    }

    @Test
    void randomPayloadsKeepTheirBytesThoughTheyAreLongerThanTheParsersBuffers() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            String payload = value(random, 4);
            String item = "{ \"merchant_id\" : \"m\" , \"payload\":\n" + payload + " }";
            byte[] body = ("{\"notifications\":[" + item + "," + item + "]}").getBytes(StandardCharsets.UTF_8);
            if (!(((Json.Obj) JsonReader.read(body)).members().get("notifications") instanceof Json.Arr items)) {
                throw new AssertionError("not a list");
            }
            for (Json each : items.items()) {
                Json.Obj object = (Json.Obj) each;
                assertThat(payloadOf(body, object)).isEqualTo(payload);
                assertThat(new String(body, object.start(), object.end() - object.start(), StandardCharsets.UTF_8))
                        .isEqualTo(item);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":1,}",
                "[1,]",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "/**/{}",
                "{\"a\":1,\"a\":1}",
                "{\"payload\":{\"a\":1,\"b\":2,\"a\":3}}",
                "{\"payload\":{\"a\":1,\"\\u0061\":3}}",
                "{\"payload\":[1,2}}",
                "{\"payload\":tru}",
                "{\"payload\":\"abc}",
                "\uFEFF{}",
                "{} {}"
            })
    void whatIsNotStrictJsonIsMalformed(String body) {
        assertMalformed(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void otherEncodingsAreMalformed() {
        assertMalformed("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE));
        assertMalformed("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE));
        assertMalformed("{\"a\":1}".getBytes(java.nio.charset.Charset.forName("UTF-32BE")));
        assertMalformed("{\"payload\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        byte[] surrogate = "{\"payload\":\"???\"}".getBytes(StandardCharsets.UTF_8);
        surrogate[12] = (byte) 0xed;
        surrogate[13] = (byte) 0xa0;
        surrogate[14] = (byte) 0x80;
        assertMalformed(surrogate);
    }

    @Test
    void aHundredLevelsAreReadAndOneMoreIsNot() {
        assertThat(JsonReader.read(nested(99))).isInstanceOf(Json.Obj.class);
        assertMalformed(nested(100));
        assertMalformed("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPayloadMayBeOneLongNumberOrHaveLongNames() {
        String digits = "9".repeat(200_000);
        String payload = "{\"" + "n".repeat(100_000) + "\":" + digits + "}";
        byte[] body = ("{\"payload\":" + payload + "}").getBytes(StandardCharsets.UTF_8);
        assertThat(payloadOf(body, JsonReader.read(body))).isEqualTo(payload);
    }

    @Test
    void theMessageSaysWhereAndRepeatsNothing() {
        assertThatThrownBy(() -> JsonReader.read("{\"a\":1,\n \"secret\":oops}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().detail()).contains("line 2").doesNotContain("oops", "secret");
                });
    }

    private static byte[] nested(int arrays) {
        return ("{\"payload\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static String payloadOf(byte[] body, Json object) {
        if (!(((Json.Obj) object).members().get("payload") instanceof Json.Raw raw)) {
            throw new AssertionError("not kept as it stood");
        }
        return new String(Arrays.copyOfRange(body, raw.start(), raw.end()), StandardCharsets.UTF_8);
    }

    private static void assertMalformed(byte[] body) {
        assertThatThrownBy(() -> JsonReader.read(body))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }

    /** A random JSON text with random white space. */
    private static String value(Random random, int depth) {
        String space = " \n\t\r".substring(0, random.nextInt(5));
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> "12.30";
            case 1 -> "-" + random.nextInt(1_000_000) + "e-3";
            case 2 -> "\"" + "é\\n\\u1234🍵x".repeat(random.nextInt(400)) + "\"";
            case 3 -> "null";
            case 4 -> "true";
            case 5 -> "[" + space + value(random, depth - 1) + space + "," + value(random, depth - 1) + "]";
            default ->
                "{" + space + "\"k" + random.nextInt() + "\"" + space + ":" + space + value(random, depth - 1) + space
                        + "}";
        };
    }

    @Test
    void anArrayInPlaceOfAnObjectIsNotBuilt() {
        byte[] zeros = ("[" + "0,".repeat(4_000_000) + "0]").getBytes(StandardCharsets.UTF_8);
        assertThat(JsonReader.readObject(zeros)).isEqualTo(new Json.Arr(List.of()));
        refusedObject("[0,", "not_json");
        refusedObject("[".repeat(101) + "]".repeat(101), "too_deep");
        refusedObject("[0] 1", "trailing_text");
        assertThat(JsonReader.readObject("[[0],{\"a\":1}]".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Json.Arr(List.of()));
    }

    @Test
    void aBodyOfTinyValuesIsRefusedBeforeItFillsTheMemory() {
        refusedObject("{\"notifications\":[" + "0,".repeat(200_000) + "0]}", "too_many_values");
        refusedObject("{\"notifications\":[" + "{},".repeat(200_000) + "{}]}", "too_many_values");
        StringBuilder members = new StringBuilder("{\"a\":0");
        for (int i = 0; i < 300; i++) {
            members.append(",\"m").append(i).append("\":0");
        }
        refusedObject(members + "}", "too_many_values");
        StringBuilder payload = new StringBuilder("{\"payload\":{\"a\":0");
        for (int i = 0; i < 400_000; i++) {
            payload.append(",\"").append(i).append("\":0");
        }
        refusedObject(payload + "}}", "too_many_values");
    }

    @Test
    void aPayloadOf256KibOfTheSmallestValuesIsRead() {
        for (String payload : new String[] {"[" + "[],".repeat(87_000) + "0]", "[" + "0,".repeat(131_000) + "0]"}) {
            String body = "{\"payload\":" + payload + "}";
            assertThat(JsonReader.readObject(body.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            Json.Obj.class,
                            object -> assertThat(object.members().get("payload"))
                                    .isEqualTo(new Json.Raw(11, 11 + payload.length())));
        }
    }

    private static void refusedObject(String body, String code) {
        assertThatThrownBy(() -> JsonReader.readObject(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().status()).isEqualTo(400);
                    assertThat(e.problem().code()).isEqualTo(code);
                });
    }
}
