package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.crypto.SigningDialects;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Validates requests for notifications, fills in the merchant's defaults and cuts out the payload's bytes unchanged. A repeated request that was
 * valid when it was accepted is recognized even if it would be invalid now. Thread-safe.
 */
public final class NotificationRequestReader {
    private final MerchantCache merchantCache;
    private final UrlCheck urls;
    private final SigningDialects dialects;
    private final NotificationCatalog catalog;
    private final InstantSource clock;

    public NotificationRequestReader(
            MerchantCache merchantCache,
            UrlCheck urls,
            SigningDialects dialects,
            NotificationCatalog catalog,
            InstantSource clock) {
        this.merchantCache = merchantCache;
        this.urls = urls;
        this.dialects = dialects;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** The result of reading a request. */
    public sealed interface Reading {
        MerchantId merchantId();

        /** The same within a trace; null: none. */
        default Reading withTrace(@Nullable TraceParent trace) {
            return trace != null && this instanceof New(NotificationRequest request)
                    ? new New(request.withTrace(trace))
                    : this;
        }

        /** To be stored; the store may still find that it is a repeat. */
        record New(NotificationRequest request) implements Reading {
            @Override
            public MerchantId merchantId() {
                return request.merchantId();
            }
        }

        /** A repeat of an accepted request that would be invalid under the merchant's current settings. */
        record Repeated(MerchantId merchantId, NotificationId first) implements Reading {}
    }

    /**
     * Reads a request for one notification.
     *
     * @param fields of the request
     * @param idempotencyKey of the request
     * @param keyField its name, for messages
     * @throws dev.rung.web.ProblemException 400 or 422
     * @throws dev.rung.core.port.StoreException if the check for a repeat fails because the store is unavailable
     */
    public Reading read(FieldReader fields, @Nullable String idempotencyKey, String keyField) {
        if (idempotencyKey != null) {
            try {
                FieldValidators.idempotencyKey(idempotencyKey);
            } catch (InvalidValueException e) {
                fields.wrongOutside(keyField, e);
            }
        }
        return reading(fields, idempotency(idempotencyKey, fields));
    }

    private static @Nullable Idempotency idempotency(@Nullable String key, FieldReader fields) {
        return key == null ? null : new Idempotency(key, RequestDigest.of(fields.body(), fields.object()));
    }

    /**
     * Reads an item of a batch.
     *
     * @throws dev.rung.web.ProblemException 422
     * @throws dev.rung.core.port.StoreException as for {@link #read}
     */
    Reading readItem(FieldReader fields) {
        String key = fields.text("idempotency_key", FieldValidators::idempotencyKey);
        return reading(fields, idempotency(key, fields));
    }

    private Reading reading(FieldReader fields, @Nullable Idempotency idempotency) {
        String orderNo = fields.text("order_no", FieldValidators::orderNo);
        String eventType = fields.text("event_type", FieldValidators::eventType);
        boolean ordered = Boolean.TRUE.equals(fields.bool("ordered"));
        if (ordered) {
            fields.require("order_no");
        }
        Merchant merchant = merchant(fields);
        byte[] payload = payload(fields, merchant);
        String url = url(fields, merchant, eventType);
        LadderChoice choice = LadderFields.read(fields, merchantCache);
        Long deliverAt = deliverAt(fields);
        fields.refuseOthers();
        if (fields.isWrong() && merchant != null && idempotency != null) {
            Optional<NotificationId> first = catalog.findAccepted(merchant.id(), idempotency);
            if (first.isPresent()) {
                return new Reading.Repeated(merchant.id(), first.get());
            }
        }
        fields.check();
        if (merchant == null || payload == null) {
            throw new IllegalStateException("a missing field was not reported");
        }
        LadderChoice chosen = choice == null ? merchant.receiver().ladder() : choice;
        return new Reading.New(new NotificationRequest(
                merchant.id(),
                url,
                orderNo,
                eventType,
                payload,
                LadderFields.steps(chosen, merchantCache),
                chosen.nameOrNull(),
                choice != null,
                clock.millis(),
                deliverAt,
                ordered,
                idempotency));
    }

    private @Nullable Merchant merchant(FieldReader fields) {
        fields.require("merchant_id");
        MerchantId id = fields.text("merchant_id", MerchantId::parse);
        if (id == null) {
            return null;
        }
        Merchant merchant = merchantCache.find(id).orElse(null);
        if (merchant == null) {
            fields.wrong("merchant_id", "unknown_merchant", "does not exist");
        }
        return merchant;
    }

    private byte @Nullable [] payload(FieldReader fields, @Nullable Merchant merchant) {
        Json.Raw raw = fields.raw("payload");
        if (raw == null) {
            fields.require("payload");
            return null;
        }
        if (raw.end() - raw.start() > NewNotification.PAYLOAD_BYTES_MAX) {
            fields.wrong(
                    "payload",
                    "too_long",
                    "has more than " + NewNotification.PAYLOAD_BYTES_MAX + " bytes",
                    NewNotification.PAYLOAD_BYTES_MAX);
            return null;
        }
        byte[] payload = Arrays.copyOfRange(fields.body(), raw.start(), raw.end());
        boolean ownUrl = fields.value("url") != null
                || merchant != null && merchant.receiver().url() != null;
        if (merchant != null && ownUrl) {
            dialects.check(merchant.receiver(), payload)
                    .ifPresent(message -> fields.wrong("payload", "unsupported_payload", message, message));
        }
        return payload;
    }

    private @Nullable String url(FieldReader fields, @Nullable Merchant merchant, @Nullable String eventType) {
        String url = urls.read(fields, "url");
        if (fields.value("url") == null
                && merchant != null
                && merchant.receivers(false, eventType).isEmpty()) {
            fields.wrong(
                    "url",
                    "required",
                    "is required: the merchant has no notify_url, and no endpoint that receives this event type");
        }
        return url;
    }

    private static @Nullable Long deliverAt(FieldReader fields) {
        Instant at = fields.instant("deliver_at");
        return at == null ? null : at.toEpochMilli();
    }
}
