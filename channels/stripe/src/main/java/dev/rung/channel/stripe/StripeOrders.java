package dev.rung.channel.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.stripe.StripeGateway.Response;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checkout Sessions, and the payment intents that they make. A session is known by its id, which is in its URL; an intent by its metadata. Thread-safe.
 */
final class StripeOrders {
    static final String SESSIONS = "/v1/checkout/sessions";

    /** The metadata of an intent and a refund: the payment's id. */
    static final String PAYMENT = "rung_payment";

    /** Of {@code metadata}. */
    static final int ATTACH_MAX = 500;

    private static final Pattern SESSION = Pattern.compile("cs_[A-Za-z0-9_]+");

    /** Stripe accepts 30 minutes to 24 hours from the placement, which may be repeated for a while. */
    private static final Duration EXPIRY_MIN = Duration.ofMinutes(45);

    private static final Duration EXPIRY_MAX = Duration.ofHours(24).minusMinutes(1);

    private final StripeGateway gateway;

    StripeOrders(StripeGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Creates the payment's session, or finds the one that an earlier request created.
     *
     * @param notifyUrl at whose root the payer's browser ends without a return URL
     * @throws IllegalArgumentException if Stripe cannot charge the amount
     */
    Response create(Payment payment, URI notifyUrl, Deadline deadline) {
        Payment.Order order = payment.order();
        String id = payment.id().toString();
        String back = order.checkout().returnUrl() == null
                ? notifyUrl.resolve("/").toString()
                : order.checkout().returnUrl();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("mode", "payment");
        fields.put("client_reference_id", id);
        fields.put("line_items[0][quantity]", "1");
        fields.put(
                "line_items[0][price_data][currency]",
                order.amount().currency().getCurrencyCode().toLowerCase(Locale.ROOT));
        fields.put("line_items[0][price_data][unit_amount]", Long.toString(StripeAmounts.of(order.amount())));
        fields.put("line_items[0][price_data][product_data][name]", order.subject());
        fields.put("success_url", back);
        fields.put("cancel_url", back);
        fields.put("expires_at", Long.toString(expiry(payment).getEpochSecond()));
        fields.put("payment_intent_data[metadata][" + PAYMENT + "]", id);
        if (order.checkout().attach() != null) {
            fields.put("metadata[attach]", order.checkout().attach());
        }
        return gateway.post(SESSIONS, fields, id, deadline);
    }

    /** The same for every placement. Rung closes the session earlier, if the payment expires earlier. */
    private static Instant expiry(Payment payment) {
        Instant min = payment.createdAt().plus(EXPIRY_MIN);
        Instant max = payment.createdAt().plus(EXPIRY_MAX);
        Instant wished = payment.expiresAt().isBefore(min) ? min : payment.expiresAt();
        return wished.isAfter(max) ? max : wished;
    }

    /** The id of the payment's session, if its URL is known. */
    static @Nullable String session(Payment payment) {
        String url = payment.payUrl();
        Matcher matcher = url == null ? null : SESSION.matcher(url);
        return matcher != null && matcher.find() ? matcher.group() : null;
    }

    /** What a session says of its payment. */
    static Evidence evidence(JsonObject session) {
        String status = session.text("status");
        if ("paid".equals(session.text("payment_status"))) {
            return paid(session.text("payment_intent"), session.text("amount_total"), session);
        }
        return switch (status) {
            // Complete and unpaid: a method of paying that takes days.
            case "open", "complete" -> new Evidence.Unpaid();
            case "expired" -> new Evidence.Closed();
            case null, default -> new Evidence.Unknown("session status " + status);
        };
    }

    private static Evidence paid(@Nullable String intent, @Nullable String amount, JsonObject object) {
        if (intent == null) {
            return new Evidence.Unknown("paid, but the payment intent is missing");
        }
        try {
            return new Evidence.Paid(
                    intent, StripeAmounts.money(String.valueOf(amount), String.valueOf(object.text("currency"))), null);
        } catch (IllegalArgumentException e) {
            return new Evidence.Unknown("paid, but " + amount + " " + object.text("currency") + " is not an amount");
        }
    }

    /** Finds the payment's intent by its metadata. */
    Response search(Payment payment, Deadline deadline) {
        String query = "metadata['" + PAYMENT + "']:'" + payment.id() + "'";
        return gateway.get("/v1/payment_intents/search?query=" + URLEncoder.encode(query, UTF_8), deadline);
    }

    /** What the found intents say of the payment. */
    static Evidence searched(Payment payment, JsonObject list) {
        Evidence found = new Evidence.NotFound("Stripe has no payment of this order");
        for (JsonObject intent : list.objects("data")) {
            if (!payment.id().toString().equals(metadata(intent, PAYMENT))) {
                continue;
            }
            if ("succeeded".equals(intent.text("status"))) {
                return paid(intent.text("id"), intent.text("amount_received"), intent);
            }
            found = new Evidence.Unpaid();
        }
        return found;
    }

    static @Nullable String metadata(JsonObject object, String name) {
        JsonObject metadata = object.object("metadata");
        return metadata == null ? null : metadata.text(name);
    }

    /** The id of the intent that was paid; null if Stripe does not tell. */
    @Nullable String intent(Payment payment, Deadline deadline) {
        if (payment.channelTradeNo() != null) {
            return payment.channelTradeNo();
        }
        return search(payment, deadline) instanceof Response.Found(JsonObject list, String ignored)
                        && searched(payment, list) instanceof Evidence.Paid paid
                ? paid.channelTradeNo()
                : null;
    }
}
