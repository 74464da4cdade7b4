package dev.rung.api;

import dev.rung.payments.flow.RefundRequest;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/** Validates requests for refunds and fills in defaults. Thread-safe. */
final class RefundRequestReader {
    private final UrlCheck urls;

    RefundRequestReader(UrlCheck urls) {
        this.urls = urls;
    }

    /**
     * Reads a request for a refund of this payment.
     *
     * @throws dev.rung.web.ProblemException 400 or 422
     */
    RefundRequest read(FieldReader fields, Payment payment) {
        String number = fields.text("out_refund_no", FieldValidators::orderNo);
        fields.require("out_refund_no");
        Money amount = PaymentRequestReader.amount(fields);
        String reason = fields.text("reason", FieldValidators::refundReason);
        String notifyUrl = urls.read(fields, "notify_url");
        fields.finish();
        Payment.Order order = payment.order();
        return new RefundRequest(
                payment,
                given(number),
                given(amount),
                reason,
                notifyUrl == null ? order.notifyUrl() : notifyUrl,
                order.ladder(),
                order.ladderName(),
                digest(payment, given(amount), reason, notifyUrl));
    }

    /**
     * Checks a request that does not repeat an earlier one.
     *
     * @throws dev.rung.web.ProblemException 422
     */
    static void checkCurrency(RefundRequest request) {
        Currency paid = request.payment().order().amount().currency();
        if (!request.amount().currency().equals(paid)) {
            throw Problem.invalid(
                            "amount.currency",
                            "other_currency",
                            "is not that of the payment: " + paid,
                            paid.getCurrencyCode())
                    .asException();
        }
    }

    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a missing field was not reported");
        }
        return value;
    }

    /** The problem of an amount that cannot be refunded. */
    static Problem exceeding(Payment payment) {
        Payment.Funds funds = payment.funds();
        String currency = payment.order().amount().currency().getCurrencyCode();
        String state = payment.state().text();
        if (funds.paid() == 0) {
            return Problem.invalid(
                    "amount", "nothing_paid", "cannot be refunded: nothing was paid, the payment is " + state, state);
        }
        String message = "is more than can be refunded: " + funds.refundable() + " " + currency + " of " + funds.paid()
                + " paid, in minor units; " + funds.refunded() + " refunded, " + funds.refunding() + " in progress";
        return Problem.invalid("amount", "more_than_refundable", message, message);
    }

    /** A digest of the requested values, independent of JSON formatting and of defaults. */
    private static byte[] digest(Payment payment, Money amount, @Nullable String reason, @Nullable String notifyUrl) {
        byte[] canonical = JsonWriter.write(g -> {
            g.writeStartArray();
            g.writeString(payment.id().toString());
            g.writeNumber(amount.value());
            g.writeString(amount.currency().getCurrencyCode());
            g.writeString(reason);
            g.writeString(notifyUrl);
            g.writeEndArray();
        });
        try {
            return MessageDigest.getInstance("SHA-256").digest(canonical);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
