package dev.rung.api;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.web.FieldReader;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The validated fields of a request for a merchant; null if absent.
 *
 * @param setsRate whether the rate is present; as {@code null} it is removed
 * @param setsNotifyUrl whether the URL is present; as {@code null} it is removed
 */
record MerchantRequestReader(
        @Nullable String name,
        boolean setsNotifyUrl,
        @Nullable String notifyUrl,
        @Nullable LadderChoice ladder,
        @Nullable Acknowledgement acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight,
        @Nullable Duration timeout,
        boolean setsRate,
        @Nullable Double rate) {

    static final int MAX_IN_FLIGHT_MAX = 10_000;

    private static final BigDecimal RATE_MIN = new BigDecimal("0.1");
    private static final BigDecimal RATE_MAX = new BigDecimal(10_000);

    /** Reads a request; a new merchant requires a name. */
    static MerchantRequestReader read(FieldReader fields, boolean isNew, MerchantCache directory, UrlCheck urls) {
        if (isNew) {
            fields.require("name");
        }
        refuseNull(fields, isNew, "name", "ladder", "acknowledge", "signing", "max_in_flight", "timeout");
        MerchantRequestReader read = new MerchantRequestReader(
                fields.text("name", FieldValidators::name),
                fields.has("notify_url"),
                urls.read(fields, "notify_url"),
                LadderFields.read(fields, directory),
                fields.text("acknowledge", text -> CodedEnum.ofText(Acknowledgement.class, text)),
                fields.text("signing", text -> CodedEnum.ofText(Signing.class, text)),
                fields.integer("max_in_flight", 1, MAX_IN_FLIGHT_MAX),
                timeout(fields),
                fields.has("rate"),
                fields.decimal("rate", RATE_MIN, RATE_MAX));
        fields.finish();
        return read;
    }

    private static @Nullable Duration timeout(FieldReader fields) {
        Duration timeout = fields.duration("timeout");
        if (timeout != null
                && (timeout.compareTo(Receiver.TIMEOUT_MIN) < 0 || timeout.compareTo(Receiver.TIMEOUT_MAX) > 0)) {
            fields.wrong("timeout", "out_of_range", "is not between 1s and 30s", "1s", "30s");
        }
        return timeout;
    }

    /** Rejects {@code null} for members that cannot be removed. */
    private static void refuseNull(FieldReader fields, boolean isNew, String... names) {
        for (String name : names) {
            if (!isNew && fields.has(name)) {
                fields.require(name);
            }
        }
    }

    Merchant applyTo(Merchant m, Receiver.Keys keys) {
        return new Merchant(
                m.id(),
                name == null ? m.name() : name,
                applyTo(m.receiver().withKeys(keys)),
                m.createdAt(),
                m.version());
    }

    Receiver applyTo(Receiver r) {
        return new Receiver(
                setsNotifyUrl ? notifyUrl : r.url(),
                ladder == null ? r.ladder() : ladder,
                acknowledge == null ? r.acknowledge() : acknowledge,
                r.keys(),
                maxInFlight == null ? r.maxInFlight() : maxInFlight,
                r.paused(),
                timeout == null ? r.timeout() : timeout,
                setsRate ? rate : r.rate());
    }
}
