package dev.rung.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A text as a chat's robot accepts it.
 *
 * @param url with the signature, where the format has it there
 * @param body JSON
 */
@SuppressWarnings("ArrayRecordComponent") // passed on to the sender; never compared
record ChatMessage(String url, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();
    /** The least limit of these chats, in bytes of UTF-8. */
    private static final int TEXT_BYTES_MAX = 2_000;

    /** Writes a text in the format of the settings, which is a chat's. */
    static ChatMessage of(AlertSettings to, String text, long now) {
        String shown = shortened(text);
        return switch (to.format()) {
            case SLACK -> new ChatMessage(to.url(), json(g -> g.writeStringProperty("text", escaped(shown))));
            case DINGTALK ->
                new ChatMessage(
                        to.secret() == null ? to.url() : signedUrl(to.url(), to.secret(), now),
                        json(g -> text(g, "msgtype", "text", "content", shown)));
            case WECOM -> new ChatMessage(to.url(), json(g -> text(g, "msgtype", "text", "content", shown)));
            case FEISHU ->
                new ChatMessage(to.url(), json(g -> {
                    if (to.secret() != null) {
                        String timestamp = Long.toString(now / 1000);
                        g.writeStringProperty("timestamp", timestamp);
                        g.writeStringProperty("sign", hmac(timestamp + "\n" + to.secret(), ""));
                    }
                    text(g, "msg_type", "content", "text", withoutTags(shown));
                }));
            case STANDARD -> throw new IllegalArgumentException("not the format of a chat");
        };
    }

    /** DingTalk's signature is in the URL: the HMAC of the time and the secret, under the secret. */
    private static String signedUrl(String url, String secret, long now) {
        String sign = URLEncoder.encode(hmac(secret, now + "\n" + secret), UTF_8);
        return url + (url.indexOf('?') < 0 ? '?' : '&') + "timestamp=" + now + "&sign=" + sign;
    }

    private static String hmac(String key, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    private static void text(JsonGenerator g, String type, String object, String member, String text) {
        g.writeStringProperty(type, "text");
        g.writeName(object);
        g.writeStartObject();
        g.writeStringProperty(member, text);
        g.writeEndObject();
    }

    /** Slack reads these three characters as markup. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Feishu reads tags, such as one that mentions everyone; it has no escapes. */
    private static String withoutTags(String text) {
        return text.replace('<', '＜').replace('>', '＞');
    }

    private static String shortened(String text) {
        String shown = text;
        while (shown.getBytes(UTF_8).length > TEXT_BYTES_MAX) {
            int end = shown.length() * 3 / 4;
            shown = shown.substring(0, Character.isHighSurrogate(shown.charAt(end - 1)) ? end - 1 : end) + "…";
        }
        return shown;
    }

    private interface Content {
        void write(JsonGenerator g);
    }

    private static byte[] json(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator g = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            g.writeStartObject();
            content.write(g);
            g.writeEndObject();
        }
        return out.toByteArray();
    }
}
