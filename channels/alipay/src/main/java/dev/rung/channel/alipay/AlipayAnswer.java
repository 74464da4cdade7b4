package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** What came back from the gateway: believed only when its signature is Alipay's. */
sealed interface AlipayAnswer {
    /** Alipay's word. */
    record Verified(JsonObject response, String text) implements AlipayAnswer {
        boolean succeeded() {
            return "10000".equals(response.text("code"));
        }

        /** The business code, which says what was wrong; else the gateway's code. */
        String code() {
            String sub = response.text("sub_code");
            return sub != null ? sub : String.valueOf(response.text("code"));
        }

        /** For a person: the code with what Alipay says to it. */
        String fault() {
            String said = response.text("sub_msg");
            return said == null ? code() : code() + ": " + TextLimits.characters(said, 200);
        }
    }

    /** Nothing that can be believed. */
    record Unclear(String reason, @Nullable String text) implements AlipayAnswer {}

    /** The part of it that goes into the payment's story. */
    @Nullable String text();

    /**
     * Reads and verifies an answer. Signed are the bytes of the member {@code method_response} exactly as they stand; the signature stands beside it.
     *
     * <p>Alipay does not sign what it answers to requests that it could not attribute ({@code error_response}): those say nothing of an order.
     */
    static AlipayAnswer read(Reply reply, String method, PublicKey key) {
        return switch (reply) {
            case Reply.None(String reason) -> new Unclear(reason, null);
            case Reply.Answer answer
            when answer.status() != 200 ->
                new Unclear("the gateway answered " + answer.status(), TextLimits.answer(answer.body()));
            case Reply.Answer answer -> verify(answer.body(), method.replace('.', '_') + "_response", key);
        };
    }

    private static AlipayAnswer verify(byte[] body, String member, PublicKey key) {
        JsonObject envelope;
        try {
            envelope = JsonObject.parse(body);
        } catch (IllegalArgumentException e) {
            return new Unclear("the gateway's answer is " + e.getMessage(), TextLimits.answer(body));
        }
        JsonObject response = envelope.object(member);
        byte[] signed = envelope.bytes(member);
        String signature = envelope.text("sign");
        if (response == null || signed == null) {
            JsonObject error = envelope.object("error_response");
            return new Unclear(
                    error == null
                            ? "the gateway's answer has no " + member
                            : "the gateway refused the request: " + new Verified(error, "").fault(),
                    TextLimits.answer(body));
        }
        if (signature == null) {
            return new Unclear("the gateway's answer is not signed", TextLimits.answer(signed));
        }
        if (!RsaKeys.verifies(key, signed, signature) && !verifiesUnescaped(key, signed, signature)) {
            return new Unclear("the gateway's answer is not signed by Alipay's key", TextLimits.answer(signed));
        }
        return new Verified(response, TextLimits.answer(signed));
    }

    /** Some of Alipay's servers sign before they write {@code /} as {@code \/}, which is the same JSON; its SDK tries both, too. */
    private static boolean verifiesUnescaped(PublicKey key, byte[] signed, String signature) {
        String text = new String(signed, UTF_8);
        return text.contains("\\/")
                && RsaKeys.verifies(key, text.replace("\\/", "/").getBytes(UTF_8), signature);
    }
}
