package dev.rung.client;

import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A filter of notifications; null matches any.
 *
 * @param createdFrom inclusive
 * @param createdTo exclusive
 */
public record NotificationFilter(
        @Nullable String merchantId,
        @Nullable String endpointId,
        @Nullable String orderNo,
        @Nullable NotificationState state,
        @Nullable String eventType,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo) {

    public static final NotificationFilter ANY = new NotificationFilter(null, null, null, null, null, null, null);

    public NotificationFilter ofMerchant(String value) {
        return new NotificationFilter(value, endpointId, orderNo, state, eventType, createdFrom, createdTo);
    }

    public NotificationFilter ofEndpoint(String value) {
        return new NotificationFilter(merchantId, value, orderNo, state, eventType, createdFrom, createdTo);
    }

    public NotificationFilter ofOrder(String value) {
        return new NotificationFilter(merchantId, endpointId, value, state, eventType, createdFrom, createdTo);
    }

    public NotificationFilter in(NotificationState value) {
        return new NotificationFilter(merchantId, endpointId, orderNo, value, eventType, createdFrom, createdTo);
    }

    public NotificationFilter ofType(String value) {
        return new NotificationFilter(merchantId, endpointId, orderNo, state, value, createdFrom, createdTo);
    }

    public NotificationFilter createdBetween(Instant from, Instant to) {
        return new NotificationFilter(merchantId, endpointId, orderNo, state, eventType, from, to);
    }

    void forEach(BiConsumer<String, @Nullable Object> field) {
        field.accept("merchant_id", merchantId);
        field.accept("endpoint_id", endpointId);
        field.accept("order_no", orderNo);
        field.accept("state", state);
        field.accept("event_type", eventType);
        field.accept("created_from", createdFrom);
        field.accept("created_to", createdTo);
    }
}
