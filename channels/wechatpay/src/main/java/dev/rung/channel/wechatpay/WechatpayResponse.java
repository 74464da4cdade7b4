package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The gateway's response; errors, too, count only with a valid WeChat Pay signature. */
sealed interface WechatpayResponse {
    /** Words of errors about keys: {@code SIGN_ERROR}, {@code Wechatpay-Serial}, signature, certificate. */
    Pattern ABOUT_KEYS = Pattern.compile("sign|serial|certificate|签名|证书|密钥|公钥", Pattern.CASE_INSENSITIVE);

    /** A response signed by WeChat Pay; without members if the body is empty. */
    record Verified(int status, JsonObject members, String text) implements WechatpayResponse {
        /** The error code, such as {@code ORDER_NOT_EXIST}. */
        String code() {
            return String.valueOf(members.text("code"));
        }

        /** Whether it refuses the request's signature, certificate or key: the account's trouble, not the order's. */
        boolean isAboutKeys() {
            JsonObject detail = members.object("detail");
            String text = String.join(
                    " ",
                    code(),
                    String.valueOf(members.text("message")),
                    detail == null ? "" : String.valueOf(detail.text("field")),
                    detail == null ? "" : String.valueOf(detail.text("issue")));
            return ABOUT_KEYS.matcher(text).find();
        }

        /** For display: the code with WeChat Pay's message. */
        String fault() {
            String said = members.text("message");
            return status + " " + code() + (said == null ? "" : ": " + TextLimits.truncate(said, 200));
        }
    }

    /** A response without a valid signature, or none. */
    record Unclear(String reason, @Nullable String text) implements WechatpayResponse {}

    /** The part that is kept in the payment's timeline. */
    @Nullable String text();

    /** Reads and verifies a response. */
    static WechatpayResponse read(Reply reply, WechatpaySignatures signatures, Deadline deadline) {
        return switch (reply) {
            case Reply.None(String reason) -> new Unclear(reason, null);
            case Reply.Answer answer -> verify(answer, signatures, deadline);
        };
    }

    /** What an error that is not signed says. */
    private static String said(Reply.Answer answer) {
        if (answer.status() == 200) {
            return "";
        }
        try {
            JsonObject members = JsonObject.parse(answer.body());
            String code = members.text("code");
            return code == null
                    ? ""
                    : ": " + code + " " + TextLimits.truncate(String.valueOf(members.text("message")), 200);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static WechatpayResponse verify(Reply.Answer answer, WechatpaySignatures signatures, Deadline deadline) {
        String text = TextLimits.answer(answer.body());
        Optional<String> fault =
                signatures.fault(name -> answer.headers().firstValue(name).orElse(null), answer.body(), deadline);
        if (fault.isPresent()) {
            return new Unclear(
                    "the gateway's response (" + answer.status() + ") is " + fault.get() + said(answer), text);
        }
        try {
            return new Verified(
                    answer.status(),
                    answer.body().length == 0 ? JsonObject.EMPTY : JsonObject.parse(answer.body()),
                    text);
        } catch (IllegalArgumentException e) {
            return new Unclear("the gateway's response (" + answer.status() + ") is " + e.getMessage(), text);
        }
    }
}
