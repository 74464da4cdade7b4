package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came back from the gateway: believed only when its signature is WeChat Pay's, failures as well as successes. */
sealed interface WechatpayAnswer {
    /** WeChat Pay's word; without members when the body is empty. */
    record Verified(int status, JsonObject members, String text) implements WechatpayAnswer {
        /** The code of a failure, such as {@code ORDER_NOT_EXIST}. */
        String code() {
            return String.valueOf(members.text("code"));
        }

        /** For a person: the code with what WeChat Pay says to it. */
        String fault() {
            String said = members.text("message");
            return status + " " + code() + (said == null ? "" : ": " + TextLimits.characters(said, 200));
        }
    }

    /** Nothing that can be believed. */
    record Unclear(String reason, @Nullable String text) implements WechatpayAnswer {}

    /** What goes into the payment's story. */
    @Nullable String text();

    /** Reads and verifies an answer. */
    static WechatpayAnswer read(Reply reply, WechatpaySignatures signatures) {
        return switch (reply) {
            case Reply.None(String reason) -> new Unclear(reason, null);
            case Reply.Answer answer -> verify(answer, signatures);
        };
    }

    private static WechatpayAnswer verify(Reply.Answer answer, WechatpaySignatures signatures) {
        String text = TextLimits.answer(answer.body());
        Optional<String> fault =
                signatures.fault(name -> answer.headers().firstValue(name).orElse(null), answer.body());
        if (fault.isPresent()) {
            return new Unclear("the gateway's answer (" + answer.status() + ") is " + fault.get(), text);
        }
        try {
            return new Verified(
                    answer.status(),
                    answer.body().length == 0 ? JsonObject.EMPTY : JsonObject.parse(answer.body()),
                    text);
        } catch (IllegalArgumentException e) {
            return new Unclear("the gateway's answer (" + answer.status() + ") is " + e.getMessage(), text);
        }
    }
}
