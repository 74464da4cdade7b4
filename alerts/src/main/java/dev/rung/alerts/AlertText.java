package dev.rung.alerts;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Durations;
import dev.rung.core.port.AlertStore.Group;
import dev.rung.payments.model.DiscrepancyKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what an alert reports, in English or in Chinese. */
final class AlertText {
    private static final String PREFIX = "[Rung] ";

    private AlertText() {}

    /**
     * The text of an alert.
     *
     * @param receiver the name of the merchant or endpoint that it is about; null if there is none
     */
    static String of(Group group, @Nullable String receiver, long now, boolean chinese) {
        String text = chinese ? chinese(group, receiver, now) : english(group, receiver, now);
        return PREFIX + text;
    }

    private static String english(Group g, @Nullable String receiver, long now) {
        return switch (g.kind()) {
            case TEST -> "A test alert: this server can reach you.";
            case RECEIVER_NOT_ANSWERING -> receiver + " does not answer: " + g.detail();
            case RECEIVER_RECOVERED -> receiver + " answers again.";
            case NOTIFICATIONS_EXHAUSTED ->
                (g.count() == 1 ? "1 notification" : g.count() + " notifications") + " to " + receiver
                        + (g.count() == 1 ? " was" : " were") + " exhausted in the last " + ago(g, now)
                        + ": every attempt failed.";
            case DISCREPANCIES_FOUND ->
                (g.count() == 1 ? "1 discrepancy" : g.count() + " discrepancies") + " of the kind " + discrepancy(g)
                        + (g.count() == 1 ? " was" : " were") + " found; the latest: " + g.detail();
            case CHANNEL_FAILING -> "The channel " + g.subject() + " fails: " + g.detail();
            case CHANNEL_RECOVERED -> "The channel " + g.subject() + " works again.";
            case DELIVERIES_OVERDUE -> "Deliveries are overdue, the oldest by " + g.detail() + ".";
            case DELIVERIES_ON_TIME -> "Deliveries are on time again.";
            case SUBMISSIONS_REFUSED ->
                (g.count() == 1 ? "1 submission" : g.count() + " submissions") + " over AMQP"
                        + (g.count() == 1 ? " was" : " were") + " refused; the latest: " + g.detail();
            case EXPIRES_SOON -> "The " + expiring(g, "API key ", "certificate ") + " expires at " + g.detail() + ".";
        };
    }

    private static String chinese(Group g, @Nullable String receiver, long now) {
        return switch (g.kind()) {
            case TEST -> "测试告警：本服务器可以将告警送达此处。";
            case RECEIVER_NOT_ANSWERING -> receiver + " 无响应：" + g.detail();
            case RECEIVER_RECOVERED -> receiver + " 已恢复响应。";
            case NOTIFICATIONS_EXHAUSTED ->
                "最近 " + ago(g, now) + " 内，发往 " + receiver + " 的 " + g.count() + " 条通知重试全部失败。";
            case DISCREPANCIES_FOUND -> "发现 " + g.count() + " 条差错（" + discrepancy(g) + "），最新一条：" + g.detail();
            case CHANNEL_FAILING -> "支付渠道 " + g.subject() + " 异常：" + g.detail();
            case CHANNEL_RECOVERED -> "支付渠道 " + g.subject() + " 已恢复。";
            case DELIVERIES_OVERDUE -> "通知投递延迟，最久已超时 " + g.detail() + "。";
            case DELIVERIES_ON_TIME -> "通知投递已恢复准时。";
            case SUBMISSIONS_REFUSED -> g.count() + " 条 AMQP 提交被拒绝，最新原因：" + g.detail();
            case EXPIRES_SOON -> expiring(g, "API 密钥 ", "证书 ") + " 将于 " + g.detail() + " 到期。";
        };
    }

    private static String ago(Group g, long now) {
        return Durations.text(Duration.ofSeconds(Math.max(1, (now - g.since() + 999) / 1000)));
    }

    private static String discrepancy(Group g) {
        return CodedEnum.ofCode(DiscrepancyKind.class, Integer.parseInt(g.subject()))
                .text();
    }

    private static String expiring(Group g, String key, String certificate) {
        return g.subject().startsWith(Expiry.KEY)
                ? key + g.subject().substring(Expiry.KEY.length())
                : certificate + g.subject().substring(Expiry.CERTIFICATE.length());
    }

    /** Whether the subject of a kind is a receiver. */
    static boolean isAboutReceiver(AlertKind kind) {
        return kind == AlertKind.RECEIVER_NOT_ANSWERING || kind == AlertKind.RECEIVER_RECOVERED;
    }
}
