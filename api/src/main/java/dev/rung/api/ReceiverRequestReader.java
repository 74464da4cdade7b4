package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.web.FieldReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The validated fields of a request for a merchant or an endpoint; null if absent.
 *
 * @param headers static request headers
 * @param importedKey a signing key that the merchant has already
 * @param setsTls whether it is present; as {@code null} it is removed
 * @param setsRate whether the rate is present; as {@code null} it is removed
 * @param setsUrl whether the URL is present; as {@code null} it is removed
 * @param events of an endpoint
 * @param traceContext whether requests have the notification's {@code traceparent}
 */
record ReceiverRequestReader(
        @Nullable String name,
        boolean setsUrl,
        @Nullable String url,
        @Nullable List<String> events,
        @Nullable LadderChoice ladder,
        @Nullable Acknowledgement acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight,
        @Nullable Duration timeout,
        boolean setsRate,
        @Nullable Double rate,
        boolean setsHeaders,
        @Nullable Map<String, String> headers,
        boolean setsSignatureHeader,
        @Nullable String signatureHeader,
        boolean setsTls,
        @Nullable TlsFields tls,
        @Nullable Boolean traceContext,
        @Nullable String importedKey) {

    static final int MAX_IN_FLIGHT_MAX = 10_000;

    private static final BigDecimal RATE_MIN = new BigDecimal("0.1");
    private static final BigDecimal RATE_MAX = new BigDecimal(10_000);

    /** Reads a request for a merchant; a new one requires a name. */
    static ReceiverRequestReader ofMerchant(
            FieldReader fields, boolean isNew, MerchantCache merchantCache, UrlCheck urls, SigningDialects dialects) {
        return read(fields, isNew, "notify_url", null, merchantCache, urls, dialects);
    }

    /** Reads a request for an endpoint; a new one requires a name and a URL. */
    static ReceiverRequestReader ofEndpoint(
            FieldReader fields, boolean isNew, MerchantCache merchantCache, UrlCheck urls, SigningDialects dialects) {
        if (isNew) {
            fields.require("url");
        }
        refuseNull(fields, isNew, "url", "events");
        return read(fields, isNew, "url", EventPatterns.read(fields, "events"), merchantCache, urls, dialects);
    }

    private static ReceiverRequestReader read(
            FieldReader fields,
            boolean isNew,
            String url,
            @Nullable List<String> events,
            MerchantCache merchantCache,
            UrlCheck urls,
            SigningDialects dialects) {
        if (isNew) {
            fields.require("name");
        }
        refuseNull(
                fields, isNew, "name", "ladder", "acknowledge", "signing", "max_in_flight", "timeout", "trace_context");
        Signing signing = fields.text("signing", text -> signing(dialects, text));
        ReceiverRequestReader read = new ReceiverRequestReader(
                fields.text("name", FieldValidators::name),
                fields.has(url),
                urls.read(fields, url),
                events,
                LadderFields.read(fields, merchantCache),
                fields.text("acknowledge", text -> CodedEnum.ofText(Acknowledgement.class, text)),
                signing,
                fields.integer("max_in_flight", 1, MAX_IN_FLIGHT_MAX),
                timeout(fields),
                fields.has("rate"),
                fields.decimal("rate", RATE_MIN, RATE_MAX),
                fields.has("headers"),
                HeaderFields.read(fields, "headers"),
                fields.has("signature_header"),
                fields.text("signature_header", HeaderFields::name),
                fields.has("tls"),
                TlsFields.read(fields, "tls"),
                fields.bool("trace_context"),
                importedKey(fields, signing));
        fields.finish();
        return read;
    }

    private static Signing signing(SigningDialects dialects, String text) {
        return dialects.find(text).orElseThrow(() -> {
            String known = dialects.all().stream().map(Signing::text).collect(Collectors.joining(", "));
            return new InvalidValueException("not_one_of", "is not one of " + known, known);
        });
    }

    /** A key in the member that belongs to the dialect. */
    static @Nullable String importedKey(FieldReader fields, @Nullable Signing signing) {
        String secret = fields.text("signing_secret");
        String privateKey = fields.text("private_key");
        boolean asymmetric = Signing.RSA2_FORM.equals(signing);
        if (secret != null && asymmetric) {
            fields.wrong(
                    "signing_secret",
                    "not_for_signing",
                    "cannot be given with the signing rsa2-form; give private_key");
        }
        if (privateKey != null && !asymmetric) {
            fields.wrong("private_key", "not_for_signing", "can be given with the signing rsa2-form only");
        }
        return secret == null ? privateKey : secret;
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

    Merchant applyTo(Merchant m, Receiver.Keys keys, SigningKeys sealing) {
        return m.withName(name == null ? m.name() : name)
                .withReceiver(applyTo(m.receiver().withKeys(keys), ReceiverId.own(m.id()), sealing));
    }

    Endpoint applyTo(Endpoint e, ReceiverId id, Receiver.Keys keys, SigningKeys sealing) {
        return new Endpoint(
                e.id(),
                name == null ? e.name() : name,
                events == null ? e.events() : events,
                applyTo(e.receiver().withKeys(keys), id, sealing),
                e.createdAt());
    }

    Receiver applyTo(Receiver r, ReceiverId owner, SigningKeys sealing) {
        return new Receiver(
                setsUrl ? url : r.url(),
                ladder == null ? r.ladder() : ladder,
                acknowledge == null ? r.acknowledge() : acknowledge,
                r.keys(),
                maxInFlight == null ? r.maxInFlight() : maxInFlight,
                r.paused(),
                timeout == null ? r.timeout() : timeout,
                setsRate ? rate : r.rate(),
                setsHeaders ? sealing.headers().seal(owner, headers == null ? Map.of() : headers) : r.headers(),
                setsSignatureHeader ? signatureHeader : r.signatureHeader(),
                setsTls ? sealed(owner, sealing) : r.tls(),
                traceContext == null ? r.traceContext() : traceContext);
    }

    private Receiver.@Nullable Tls sealed(ReceiverId owner, SigningKeys sealing) {
        return tls == null ? null : sealing.tls().seal(owner, tls.ca(), tls.clientCert(), tls.clientKey());
    }
}
