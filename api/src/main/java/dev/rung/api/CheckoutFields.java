package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.InvalidValueException;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.web.FieldReader;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The fields of a request for a payment that say how the payer pays.
 *
 * @param method null: the account's default
 * @param authCode the payer's code; never shown or stored
 */
record CheckoutFields(
        @Nullable PaymentMethod method,
        @Nullable String returnUrl,
        @Nullable String payerIp,
        @Nullable String payerId,
        @Nullable String attach,
        @Nullable String authCode) {

    private static final int URL_LENGTH_MAX = 1_024;
    private static final int ATTACH_LENGTH_MAX = 512;
    private static final String PAYER_ID = "[A-Za-z0-9_-]{1,128}";
    private static final String AUTH_CODE = "[A-Za-z0-9]{8,64}";

    /** Omits the payer's code. */
    @Override
    public String toString() {
        return "CheckoutFields[" + method + "]";
    }

    static CheckoutFields read(FieldReader fields) {
        return new CheckoutFields(
                fields.text("method", text -> CodedEnum.ofText(PaymentMethod.class, text)),
                fields.text("return_url", CheckoutFields::url),
                fields.text("payer_ip", CheckoutFields::address),
                fields.text("payer_id", text -> matching(PAYER_ID, text)),
                fields.text("attach", CheckoutFields::attach),
                fields.text("auth_code", text -> matching(AUTH_CODE, text)));
    }

    /** The payer's browser opens it, so that it may be any address. */
    private static String url(String text) {
        if (text.length() > URL_LENGTH_MAX) {
            throw new InvalidValueException(
                    "too_long", "has more than " + URL_LENGTH_MAX + " characters", URL_LENGTH_MAX);
        }
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri.toASCIIString();
            }
        } catch (java.net.URISyntaxException _) {
            throw new InvalidValueException("invalid_url", "is not an http or https URL");
        }
        throw new InvalidValueException("invalid_url", "is not an http or https URL");
    }

    private static String address(String text) {
        try {
            return InetAddress.ofLiteral(text).getHostAddress();
        } catch (IllegalArgumentException _) {
            throw new InvalidValueException("invalid_address", "is not an IP address");
        }
    }

    private static String matching(String pattern, String text) {
        if (!text.matches(pattern)) {
            throw new InvalidValueException("invalid_characters", "does not have the form of such an id");
        }
        return text;
    }

    private static String attach(String text) {
        if (text.isEmpty() || text.length() > ATTACH_LENGTH_MAX) {
            throw new InvalidValueException(
                    text.isEmpty() ? "too_short" : "too_long",
                    "does not have 1 to " + ATTACH_LENGTH_MAX + " characters",
                    ATTACH_LENGTH_MAX);
        }
        // UTF-8 cannot encode lone surrogates; PostgreSQL cannot store NUL.
        if (text.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE)) {
            throw new InvalidValueException("control_characters", "has NUL or lone surrogates");
        }
        return text;
    }

    /**
     * Checks the fields for an account, and adds errors.
     *
     * @param caller the address of the caller, for channels that need the payer's where it is not given
     * @return how the payer pays; empty after an error
     */
    Optional<Payment.Checkout> check(
            FieldReader fields, ChannelCatalog.Entry account, Payments payments, String caller) {
        List<PaymentMethod> methods = account.methods();
        PaymentMethod chosen = method == null ? methods.getFirst() : method;
        if (!methods.contains(chosen)) {
            String known = methods.stream().map(PaymentMethod::text).collect(Collectors.joining(", "));
            fields.wrong("method", "not_one_of", "is not one of " + known, known);
            return Optional.empty();
        }
        only(fields, "payer_id", PaymentMethod.JSAPI, chosen);
        only(fields, "auth_code", PaymentMethod.BARCODE, chosen);
        String fault = attach == null ? null : payments.checkAttach(account.name(), attach);
        if (fault != null) {
            fields.wrong("attach", "not_carried", fault, fault);
        }
        return Optional.of(new Payment.Checkout(
                chosen,
                returnUrl,
                payerIp == null && payments.needsPayerIp(account.name(), chosen) ? caller : payerIp,
                payerId,
                attach));
    }

    private static void only(FieldReader fields, String name, PaymentMethod needing, PaymentMethod chosen) {
        if (chosen == needing) {
            fields.require(name);
        } else if (fields.value(name) != null) {
            fields.wrong(name, "not_for_method", "is only for the method " + needing.text(), needing.text());
        }
    }

    /** For the digest of a request. */
    void write(JsonGenerator g) {
        g.writeString(method == null ? null : method.text());
        g.writeString(returnUrl);
        g.writeString(payerIp);
        g.writeString(payerId);
        g.writeString(attach);
        g.writeString(authCode);
    }
}
