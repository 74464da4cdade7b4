package dev.rung.api;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.web.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * The validated fields of a request for a merchant; null if absent.
 *
 * @param setsNotifyUrl whether the URL is present; as {@code null} it is removed
 */
record MerchantRequestReader(
        @Nullable String name,
        boolean setsNotifyUrl,
        @Nullable String notifyUrl,
        @Nullable LadderChoice ladder,
        @Nullable Acknowledgement acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight) {

    static final int MAX_IN_FLIGHT_MAX = 10_000;

    /** Reads a request; a new merchant requires a name. */
    static MerchantRequestReader read(FieldReader fields, boolean isNew, MerchantCache directory, UrlCheck urls) {
        if (isNew) {
            fields.require("name");
        }
        refuseNull(fields, isNew, "name", "ladder", "acknowledge", "signing", "max_in_flight");
        MerchantRequestReader read = new MerchantRequestReader(
                fields.text("name", FieldValidators::name),
                fields.has("notify_url"),
                urls.read(fields, "notify_url"),
                LadderFields.read(fields, directory),
                fields.text("acknowledge", text -> CodedEnum.ofText(Acknowledgement.class, text)),
                fields.text("signing", text -> CodedEnum.ofText(Signing.class, text)),
                fields.integer("max_in_flight", 1, MAX_IN_FLIGHT_MAX));
        fields.finish();
        return read;
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
                r.paused());
    }
}
