package dev.rung.crypto;

import static dev.rung.crypto.Signers.MERCHANT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AlipaySignature;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rsa2FormSignerTest {
    private static final NotificationId ID = new NotificationId(4711);
    private static final long ACCEPTED =
            Instant.parse("2026-11-23T18:30:05.999Z").toEpochMilli();
    private static final Delivery.Content CONTENT =
            new Delivery.Content("https://shop.example/", true, "T1", "payment.succeeded", ACCEPTED);

    private static final SigningKeys keys = Signers.keys();
    private static SigningKeys.Generated key;
    private static SigningKeys.Generated fresh;
    private static String publicKey;
    private static String freshPublicKey;

    private final Rsa2FormSigner signer = new Rsa2FormSigner();

    @BeforeAll
    static void makeKeys() {
        key = keys.generate(MERCHANT, Signing.RSA2_FORM);
        fresh = keys.generate(MERCHANT, Signing.RSA2_FORM);
        publicKey = Objects.requireNonNull(key.publicKey());
        freshPublicKey = Objects.requireNonNull(fresh.publicKey());
    }

    private Map<String, String> send(String payload) {
        return send(payload, key.alone(), 0);
    }

    private Map<String, String> send(String payload, Receiver.Keys merchantKeys, long now) {
        return receive(signer.form(ID, keys.at(MERCHANT, merchantKeys, now), CONTENT, payload.getBytes(UTF_8)));
    }

    /** Reads the form as a merchant's server does. */
    private static Map<String, String> receive(byte[] form) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : new String(form, UTF_8).split("&", -1)) {
            int equals = field.indexOf('=');
            String name = URLDecoder.decode(field.substring(0, equals), UTF_8);
            assertThat(fields.put(name, URLDecoder.decode(field.substring(equals + 1), UTF_8)))
                    .as("the field %s stands once", name)
                    .isNull();
        }
        return fields;
    }

    private static boolean alipayVerifies(Map<String, String> fields, String publicKey) throws Exception {
        return AlipaySignature.rsaCheckV1(new LinkedHashMap<>(fields), publicKey, "utf-8", "RSA2");
    }

    @Test
    void alipaysSdkVerifiesAForm() throws Exception {
        Map<String, String> fields =
                send("{\"out_trade_no\":\"T1\",\"total_amount\":12.30,\"subject\":\"两杯茶 & more = 100%\"}");
        assertThat(alipayVerifies(fields, publicKey)).isTrue();
        assertThat(alipayVerifies(fields, freshPublicKey)).isFalse();
        fields.put("total_amount", "12.3");
        assertThat(alipayVerifies(fields, publicKey)).isFalse();
    }

    @Test
    void theFieldsAreThePayloadsMembersAndAlipaysOwn() {
        assertThat(send("{\"b\":\"1\",\"a\":\"2\"}"))
                .containsExactly(
                        Map.entry("b", "1"),
                        Map.entry("a", "2"),
                        Map.entry("notify_id", ID.toString()),
                        Map.entry("notify_time", "2026-11-24 02:30:05"),
                        Map.entry("notify_type", "payment.succeeded"),
                        Map.entry("sign_type", "RSA2"),
                        Map.entry("sign", send("{\"b\":\"1\",\"a\":\"2\"}").get("sign")));
    }

    @Test
    void numbersAndNestedValuesStandAsTheirBytes() throws Exception {
        Map<String, String> fields = send("""
                { "amount" : 12.30, "exp":1E+5 ,"neg" : -0.0,"big":123456789012345678901234567890.10, "yes":true, "none": null,
                  "goods" : [ {"id": 1.0, "name":"茶\\u8336\\n"} , [ ] ] , "o":{ }, "last" : {"a":{"b":[1, 2]}} }
                """);
        assertThat(fields)
                .containsEntry("amount", "12.30")
                .containsEntry("exp", "1E+5")
                .containsEntry("neg", "-0.0")
                .containsEntry("big", "123456789012345678901234567890.10")
                .containsEntry("yes", "true")
                .containsEntry("none", "null")
                .containsEntry("goods", "[ {\"id\": 1.0, \"name\":\"茶\\u8336\\n\"} , [ ] ]")
                .containsEntry("o", "{ }")
                .containsEntry("last", "{\"a\":{\"b\":[1, 2]}}");
        assertThat(alipayVerifies(fields, publicKey)).isTrue();
    }

    @Test
    void stringsAreUnescaped() throws Exception {
        Map<String, String> fields = send("{\"s\":\"a\\\"b\\\\c\\u00e9\\ud83c\\udf75\\t\", \"n\\u0061me\":\"x\"}");
        assertThat(fields).containsEntry("s", "a\"b\\cé🍵\t").containsEntry("name", "x");
        assertThat(alipayVerifies(fields, publicKey)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":\"\",\"b\":\"1\"}",
                "{\"z\":\"\",\"b\":\"1\"}",
                "{\"a\":\"  \\t\",\"zz\":\"\"}",
                "{\" \":\"1\",\"b\":\"1\"}",
                "{\"s\":\"\\ud800\"}"
            })
    void blankAndOddMembersVerifyToo(String payload) throws Exception {
        assertThat(alipayVerifies(send(payload), publicKey)).isTrue();
    }

    @Test
    void longNestedPayloadsKeepTheirBytes() throws Exception {
        String nested = "{\"k\":[" + "\"茶\", ".repeat(9_000) + "0]}";
        Map<String, String> fields = send("{\"first\":\"" + "é".repeat(20_000) + "\",\"nested\":" + nested + ",\"n\":1"
                + "0".repeat(5_000) + "}");
        assertThat(fields).containsEntry("nested", nested).containsEntry("n", "1" + "0".repeat(5_000));
        assertThat(alipayVerifies(fields, publicKey)).isTrue();
    }

    @Test
    void theFormerKeySignsUntilTheOverlapEnds() throws Exception {
        Receiver.Keys rotating = fresh.after(key.alone(), 0, 1_000);
        assertThat(alipayVerifies(send("{}", rotating, 999), publicKey)).isTrue();
        assertThat(alipayVerifies(send("{}", rotating, 1_000), freshPublicKey)).isTrue();
    }

    @Test
    void theOldestPromisedKeySignsWhenKeysAreRotatedTwice() throws Exception {
        Receiver.Keys once = fresh.after(key.alone(), 0, 2_000);
        SigningKeys.Generated third = keys.generate(MERCHANT, Signing.RSA2_FORM);
        Receiver.Keys twice = third.after(once, 500, 1_000);
        assertThat(alipayVerifies(send("{}", twice, 1_999), publicKey)).isTrue();
        assertThat(alipayVerifies(send("{}", twice, 2_000), Objects.requireNonNull(third.publicKey())))
                .isTrue();
    }

    @Test
    void everyAttemptHasTheSameBody() {
        assertThat(send("{\"a\":1}", key.alone(), 1)).isEqualTo(send("{\"a\":1}", key.alone(), 99_999));
    }

    @Test
    void withoutAnEventTypeThereIsNoNotifyType() throws Exception {
        Delivery.Content plain = new Delivery.Content("https://shop.example/", true, null, null, ACCEPTED);
        Map<String, String> fields =
                receive(signer.form(ID, keys.at(MERCHANT, key.alone(), 0), plain, "{\"a\":1}".getBytes(UTF_8)));
        assertThat(fields).doesNotContainKey("notify_type");
        assertThat(alipayVerifies(fields, publicKey)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"notify_id", "notify_time", "notify_type", "sign_type", "sign", "si\\u0067n"})
    void aPayloadMustNotUseAReservedName(String name) {
        assertThat(signer.check(("{\"a\":1,\"" + name + "\":2}").getBytes(UTF_8)))
                .hasValueSatisfying(error -> assertThat(error).contains("must not have a member"));
    }

    @Test
    void halfASurrogatePairHasNoFormInUtf8() {
        assertThat(signer.check("{\"a\":\"\\ud83c\"}".getBytes(UTF_8)))
                .hasValueSatisfying(error -> assertThat(error).contains("surrogate"));
        assertThat(signer.check("{\"a\":\"\\ud83c\\udf75\",\"b\":[\"\\ud83c\"]}".getBytes(UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "1", "\"text\"", "null", "{\"\":1}", "{\"a\":1", "{\"a\":1,\"a\":2}", ""})
    void aPayloadMustBeAnObjectOfNamedMembers(String payload) {
        assertThat(signer.check(payload.getBytes(UTF_8))).isPresent();
        assertThatThrownBy(() -> send(payload)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void reservedNamesDeeperDownAreFine() {
        assertThat(signer.check("{\"a\":{\"sign\":1},\"b\":[{\"notify_id\":2}]}".getBytes(UTF_8)))
                .isEmpty();
    }
}
