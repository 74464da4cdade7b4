package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.JsonObject;
import javax.crypto.SecretKey;

/** Reads a notification, whose resource is encrypted. */
final class WechatpayNotification {
    private WechatpayNotification() {}

    /** The decrypted content of a notification. */
    sealed interface Content {}

    record OfPayment(JsonObject transaction) implements Content {}

    record OfRefund(JsonObject refund) implements Content {}

    /**
     * Decrypts its content.
     *
     * @throws IllegalArgumentException if it is neither a transaction nor a refund, or cannot be decrypted
     */
    static Content open(byte[] body, SecretKey apiV3Key) {
        JsonObject notification = JsonObject.parse(body);
        String event = notification.text("event_type");
        boolean isRefund = event != null && event.startsWith("REFUND.");
        if (event == null || !isRefund && !event.startsWith("TRANSACTION.")) {
            throw new IllegalArgumentException("the event " + event + " is neither a payment nor a refund");
        }
        JsonObject resource = notification.object("resource");
        if (resource == null) {
            throw new IllegalArgumentException("the notification has no resource");
        }
        JsonObject members = JsonObject.parse(SealedResource.open(resource, apiV3Key));
        return isRefund ? new OfRefund(members) : new OfPayment(members);
    }
}
