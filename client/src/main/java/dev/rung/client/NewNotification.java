package dev.rung.client;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A new notification, built step by step: {@code NewNotification.to(merchantId, "{\"amount\":12.30}").withOrderNo("T1")}.
 *
 * @param payload JSON text; the merchant receives its bytes unchanged
 * @param url overrides the merchant's
 * @param ladder overrides the merchant's
 * @param deliverAt earliest time of the first attempt
 * @param ordered whether to wait until earlier ordered notifications of the same merchant and order are settled
 * @param idempotencyKey a repeated key with the same content is accepted once
 */
public record NewNotification(
        String merchantId,
        String payload,
        @Nullable String orderNo,
        @Nullable String eventType,
        @Nullable String url,
        @Nullable Ladder ladder,
        @Nullable Instant deliverAt,
        boolean ordered,
        @Nullable String idempotencyKey) {

    /** Creates a notification with the merchant's defaults. */
    public static NewNotification to(String merchantId, String payload) {
        return new NewNotification(merchantId, payload, null, null, null, null, null, false, null);
    }

    public NewNotification withOrderNo(String value) {
        return new NewNotification(
                merchantId, payload, value, eventType, url, ladder, deliverAt, ordered, idempotencyKey);
    }

    public NewNotification withEventType(String value) {
        return new NewNotification(
                merchantId, payload, orderNo, value, url, ladder, deliverAt, ordered, idempotencyKey);
    }

    public NewNotification withUrl(String value) {
        return new NewNotification(
                merchantId, payload, orderNo, eventType, value, ladder, deliverAt, ordered, idempotencyKey);
    }

    public NewNotification withLadder(Ladder value) {
        return new NewNotification(
                merchantId, payload, orderNo, eventType, url, value, deliverAt, ordered, idempotencyKey);
    }

    public NewNotification withDeliverAt(Instant value) {
        return new NewNotification(
                merchantId, payload, orderNo, eventType, url, ladder, value, ordered, idempotencyKey);
    }

    public NewNotification inOrder() {
        return new NewNotification(
                merchantId, payload, orderNo, eventType, url, ladder, deliverAt, true, idempotencyKey);
    }

    public NewNotification withIdempotencyKey(String value) {
        return new NewNotification(merchantId, payload, orderNo, eventType, url, ladder, deliverAt, ordered, value);
    }

    /** Why it cannot be submitted: the payload is not JSON or too large, or the idempotency key is invalid. Empty if the server decides. */
    public Optional<Problem> problem() {
        return Intake.check(this, "");
    }
}
