package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** The gateway's response; only responses with a valid Alipay signature count. */
sealed interface AlipayResponse {
    /** A response signed by Alipay. */
    record Verified(JsonObject response, String text) implements AlipayResponse {
        boolean succeeded() {
            return "10000".equals(response.text("code"));
        }

        /** The business code ({@code sub_code}), which names the error; without one the gateway's code. */
        String code() {
            String sub = response.text("sub_code");
            return sub != null ? sub : String.valueOf(response.text("code"));
        }

        /** For display: the code with Alipay's message. */
        String fault() {
            String said = response.text("sub_msg");
            return said == null ? code() : code() + ": " + TextLimits.truncate(said, 200);
        }
    }

    /** A response without a valid signature, or none. */
    record Unclear(String reason, @Nullable String text) implements AlipayResponse {}

    /** The part that is kept in the payment's timeline. */
    @Nullable String text();

    /**
     * Reads and verifies a response. The signature covers the bytes of the member {@code method_response} exactly as received and is in the
     * member next to it.
     *
     * <p>Alipay does not sign responses to requests that it could not attribute to an app ({@code error_response}); they are no evidence
     * about an order.
     */
    static AlipayResponse read(Reply reply, String method, AlipayKeys keys, Deadline deadline) {
        return switch (reply) {
            case Reply.None(String reason) -> new Unclear(reason, null);
            case Reply.Answer answer
            when answer.status() != 200 ->
                new Unclear("the gateway responded with status " + answer.status(), TextLimits.answer(answer.body()));
            case Reply.Answer answer -> verify(answer.body(), member(method), keys, deadline);
        };
    }

    /** The member of an answer that has what the method returns. */
    static String member(String method) {
        return method.replace('.', '_') + "_response";
    }

    private static AlipayResponse verify(byte[] body, String member, AlipayKeys keys, Deadline deadline) {
        JsonObject envelope;
        try {
            envelope = JsonObject.parse(body);
        } catch (IllegalArgumentException e) {
            return new Unclear("the gateway's response is " + e.getMessage(), TextLimits.answer(body));
        }
        JsonObject response = envelope.object(member);
        byte[] signed = envelope.bytes(member);
        String signature = envelope.text("sign");
        if (response == null || signed == null) {
            JsonObject error = envelope.object("error_response");
            return new Unclear(
                    error == null
                            ? "the gateway's response has no " + member
                            : "the gateway refused the request: " + new Verified(error, "").fault(),
                    TextLimits.answer(body));
        }
        Verified verified = new Verified(response, TextLimits.answer(signed));
        if (signature == null) {
            return new Unclear(
                    "the gateway's response is not signed" + (verified.succeeded() ? "" : ": " + verified.fault()),
                    verified.text());
        }
        PublicKey key;
        try {
            key = keys.ofAnswer(envelope.text("alipay_cert_sn"), deadline);
        } catch (IllegalArgumentException e) {
            return new Unclear("the gateway's response is " + e.getMessage(), verified.text());
        }
        if (!RsaKeys.verifies(key, signed, signature) && !verifiesUnescaped(key, signed, signature)) {
            return new Unclear("the gateway's response is not signed by Alipay's key", verified.text());
        }
        return verified;
    }

    /** Some Alipay servers sign the text before they escape {@code /} as {@code \/}; Alipay's SDK also verifies both forms. */
    private static boolean verifiesUnescaped(PublicKey key, byte[] signed, String signature) {
        String text = new String(signed, UTF_8);
        return text.contains("\\/")
                && RsaKeys.verifies(key, text.replace("\\/", "/").getBytes(UTF_8), signature);
    }
}
