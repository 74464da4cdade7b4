package example.toybank;

import dev.rung.payments.model.Money;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An order of the bank.
 *
 * @param number Rung's order number
 * @param token the token in its page's URL
 * @param tradeNo the bank's own number
 * @param settledAt null while it is open
 * @param isToTell whether a callback is pending
 */
record Order(
        String number,
        String token,
        String tradeNo,
        Money amount,
        String subject,
        String callbackUrl,
        Instant expiresAt,
        State state,
        @Nullable Instant settledAt,
        boolean isToTell) {

    enum State {
        OPEN,
        PAID,
        REFUSED,
        CLOSED
    }

    /** Settles the order; a settled one is unchanged. */
    Order settled(State to, Instant now, boolean tell) {
        return state == State.OPEN
                ? new Order(number, token, tradeNo, amount, subject, callbackUrl, expiresAt, to, now, tell)
                : this;
    }

    /** The callback was acknowledged, or is no longer sent. */
    Order told() {
        return new Order(number, token, tradeNo, amount, subject, callbackUrl, expiresAt, state, settledAt, false);
    }

    /** The fields in responses and callbacks. */
    Map<String, String> statement() {
        Map<String, String> fields = new TreeMap<>(Map.of(
                "number", number,
                "trade_no", tradeNo,
                "state", state.name(),
                "amount", amount.major(),
                "currency", amount.currency().getCurrencyCode()));
        if (settledAt != null) {
            fields.put("settled_at", settledAt.toString());
        }
        return fields;
    }

    /** All fields, for storage. */
    Map<String, String> record() {
        Map<String, String> fields = statement();
        fields.put("token", token);
        fields.put("subject", subject);
        fields.put("callback_url", callbackUrl);
        fields.put("expires_at", expiresAt.toString());
        fields.put("is_to_tell", Boolean.toString(isToTell));
        return fields;
    }

    /**
     * Reads {@link #record()}.
     *
     * @throws IllegalArgumentException if something is missing or malformed
     */
    static Order of(Map<String, String> fields) {
        String settledAt = fields.get("settled_at");
        try {
            return new Order(
                    required(fields, "number"),
                    required(fields, "token"),
                    required(fields, "trade_no"),
                    Money.parseMajor(required(fields, "amount"), required(fields, "currency")),
                    required(fields, "subject"),
                    required(fields, "callback_url"),
                    Instant.parse(required(fields, "expires_at")),
                    State.valueOf(required(fields, "state")),
                    settledAt == null ? null : Instant.parse(settledAt),
                    Boolean.parseBoolean(required(fields, "is_to_tell")));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time is malformed", e);
        }
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
