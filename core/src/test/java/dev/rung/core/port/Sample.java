package dev.rung.core.port;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.EventId;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.TraceParent;
import dev.rung.core.model.WakeLocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A notification to test a store with: everything has a value, a test changes what it is about. Its ids ascend. */
@SuppressWarnings("ArrayRecordComponent") // goes into a store; never compared
public record Sample(
        long createdAt,
        ReceiverId receiver,
        @Nullable String channel,
        @Nullable String orderNo,
        String eventType,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        boolean ordered,
        long dueAt,
        WakeLocation wakeLocation,
        NewNotification.@Nullable Idempotency idempotency) {

    /** When samples are created and due, unless told otherwise. */
    public static final long T0 = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();

    public static final TraceParent TRACE =
            Objects.requireNonNull(TraceParent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

    private static final AtomicLong SEQUENCE = new AtomicLong();

    public static Sample of(MerchantId merchant) {
        return new Sample(
                T0,
                ReceiverId.own(merchant),
                null,
                null,
                "payment.succeeded",
                bytes("{\"amount\":12.30}"),
                Ladder.of("3s", "30s"),
                null,
                false,
                T0,
                WakeLocation.QUEUED,
                null);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An id that belongs to no merchant, otherwise like {@link #nextId(long, MerchantId)}. */
    public static long nextId(long epochMillis) {
        return Ids.first(epochMillis) + SEQUENCE.incrementAndGet() * Ids.BUCKETS;
    }

    /** An id of this merchant and millisecond, greater than every one before it of the same millisecond. */
    public static long nextId(long epochMillis, MerchantId owner) {
        return nextId(epochMillis) + Ids.bucket(owner.value());
    }

    public NewNotification build() {
        return build(new NotificationId(nextId(createdAt, receiver.merchant())));
    }

    public NewNotification build(NotificationId id) {
        return build(id, receiver, null, List.of());
    }

    /** With further notifications of its event, to these endpoints of the merchant. */
    public NewNotification fannedOut(EndpointId... endpoints) {
        NotificationId first = new NotificationId(nextId(createdAt, receiver.merchant()));
        List<NewNotification> also = new ArrayList<>();
        for (EndpointId endpoint : endpoints) {
            also.add(build(
                    new NotificationId(nextId(createdAt, receiver.merchant())),
                    new ReceiverId(receiver.merchant(), endpoint),
                    EventId.of(first),
                    List.of()));
        }
        return build(first, receiver, null, also);
    }

    private NewNotification build(
            NotificationId id, ReceiverId to, @Nullable EventId event, List<NewNotification> also) {
        return new NewNotification(
                id,
                to,
                channel,
                new Delivery.Content(
                        "https://shop.example/pay/notify", false, orderNo, eventType, event, createdAt, TRACE),
                payload,
                ladder,
                ladderName,
                ordered,
                false,
                dueAt,
                wakeLocation,
                event == null ? idempotency : null,
                also);
    }

    /** As it is shown when it is stored. */
    public NotificationDetail shown(NotificationId id) {
        NewNotification n = build(id);
        return new NotificationDetail(
                id,
                n.receiver(),
                n.kind(),
                n.content(),
                n.ladder(),
                n.ladderName(),
                DeliveryState.WAITING,
                n.wakeLocation(),
                0,
                0,
                n.ladder().attemptsMax(),
                n.dueAt(),
                n.ordered(),
                null,
                0,
                null);
    }

    public Sample createdAt(long at) {
        return new Sample(
                at,
                receiver,
                channel,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    /** To this endpoint of the merchant. */
    public Sample to(EndpointId endpoint) {
        return new Sample(
                createdAt,
                new ReceiverId(receiver.merchant(), endpoint),
                channel,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    /** A query at this channel instead of a notification. */
    public Sample channel(String queried) {
        return new Sample(
                createdAt,
                receiver,
                queried,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    public Sample orderNo(String no) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                no,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    /** Ordered among those of this order. */
    public Sample ordered(String no) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                no,
                eventType,
                payload,
                ladder,
                ladderName,
                true,
                dueAt,
                wakeLocation,
                idempotency);
    }

    public Sample eventType(String type) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                type,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    public Sample payload(byte[] bytes) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                eventType,
                bytes,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    public Sample ladder(@Nullable String name, Ladder steps) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                eventType,
                payload,
                steps,
                name,
                ordered,
                dueAt,
                wakeLocation,
                idempotency);
    }

    public Sample dueAt(long at) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                at,
                wakeLocation,
                idempotency);
    }

    /** Due so late that no queue takes it yet. */
    public Sample farAt(long at) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                at,
                WakeLocation.DEFERRED,
                idempotency);
    }

    public Sample key(String key, String body) {
        return new Sample(
                createdAt,
                receiver,
                channel,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ordered,
                dueAt,
                wakeLocation,
                new NewNotification.Idempotency(key, sha256(body)));
    }
}
