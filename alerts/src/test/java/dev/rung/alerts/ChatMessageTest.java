package dev.rung.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The formats as the chats publish them. The signatures were made with Python's hmac, as the chats' documents show it. */
class ChatMessageTest {
    private static final String SECRET = "SEC000abc";

    private static ChatMessage message(AlertFormat format, String url, String secret, String text, long now) {
        return ChatMessage.of(new AlertSettings(url, format, secret), text, now);
    }

    private static String body(ChatMessage message) {
        return new String(message.body(), UTF_8);
    }

    @Test
    void slackReadsATextWithItsMarkupEscaped() {
        ChatMessage message =
                message(AlertFormat.SLACK, "https://hooks.slack.com/services/T/B/x", null, "a <b> & \"c\"", 0);
        assertThat(message.url()).isEqualTo("https://hooks.slack.com/services/T/B/x");
        assertThat(body(message)).isEqualTo("{\"text\":\"a &lt;b&gt; &amp; \\\"c\\\"\"}");
    }

    @Test
    void dingTalkHasItsSignatureInTheUrl() {
        ChatMessage message = message(
                AlertFormat.DINGTALK,
                "https://oapi.dingtalk.com/robot/send?access_token=t",
                SECRET,
                "测试",
                1_577_262_236_757L);
        assertThat(message.url())
                .isEqualTo("https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1577262236757"
                        + "&sign=e4rqUB5shOI9Wrsk5Sz51v8lwRSxD7WVCu07TinZ2AQ%3D");
        assertThat(body(message)).isEqualTo("{\"msgtype\":\"text\",\"text\":{\"content\":\"测试\"}}");
        assertThat(message(AlertFormat.DINGTALK, "https://a.example/", null, "x", 0)
                        .url())
                .isEqualTo("https://a.example/");
    }

    @Test
    void weComHasItsKeyInTheUrl() {
        ChatMessage message =
                message(AlertFormat.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", null, "测试", 0);
        assertThat(message.url()).isEqualTo("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k");
        assertThat(body(message)).isEqualTo("{\"msgtype\":\"text\",\"text\":{\"content\":\"测试\"}}");
    }

    @Test
    void feishuHasItsSignatureInTheBody() {
        ChatMessage message = message(
                AlertFormat.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/x", SECRET, "测试", 1_599_360_473_999L);
        assertThat(body(message))
                .isEqualTo("{\"timestamp\":\"1599360473\",\"sign\":\"CUb20z+FZMtgRoFFmC0VbjC09lYMyqOPli+Cp3n0/Sc=\","
                        + "\"msg_type\":\"text\",\"content\":{\"text\":\"测试\"}}");
        assertThat(body(message(AlertFormat.FEISHU, "https://a.example/", null, "x", 0)))
                .isEqualTo("{\"msg_type\":\"text\",\"content\":{\"text\":\"x\"}}");
    }

    @Test
    void feishuTagsDoNothing() {
        ChatMessage message =
                message(AlertFormat.FEISHU, "https://a.example/", null, "to <at user_id=\"all\">everyone</at>", 1_000);
        assertThat(body(message)).contains("＜at user_id=").doesNotContain("<", ">");
    }

    @Test
    void aLongTextIsShortenedToWhatTheChatsTake() {
        ChatMessage message = message(AlertFormat.WECOM, "https://a.example/", null, "告警😀".repeat(2_000), 0);
        assertThat(message.body().length).isBetween(500, 2_048);
        assertThat(body(message)).endsWith("…\"}}").doesNotContain("?");
    }

    @Test
    void aChatRefusesWithACodeInTheBody() {
        assertThat(refusal("{\"errcode\":310000,\"errmsg\":\"sign not match\"}"))
                .isEqualTo("the answer's errcode is 310000");
        assertThat(refusal("{\"code\":19021,\"msg\":\"sign match fail\"}")).isEqualTo("the answer's code is 19021");
        assertThat(refusal("{\"errcode\":0,\"errmsg\":\"ok\"}")).isNull();
        assertThat(refusal("{\"StatusCode\":0,\"data\":{\"code\":1},\"code\":0}"))
                .isNull();
        assertThat(refusal("ok")).isNull();
        assertThat(refusal("")).isNull();
    }

    private static String refusal(String body) {
        return ChatAnswer.refusal(body.getBytes(UTF_8));
    }
}
