package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import java.util.Currency;
import java.util.regex.Pattern;

/** Validates text fields of requests. Each method returns the text, or throws {@link InvalidValueException}. */
final class FieldValidators {
    /** What every channel carries unchanged. */
    private static final int REFUND_REASON_LENGTH_MAX = 80;

    static final int NAME_LENGTH_MAX = 200;
    static final int SUBJECT_LENGTH_MAX = 256;
    static final int NOTE_LENGTH_MAX = 1_000;
    private static final int KEY_LENGTH_MAX = dev.rung.core.model.NewNotification.Idempotency.KEY_LENGTH_MAX;

    private static final int WORD_LENGTH_MAX = 64;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]{1,64}");

    private FieldValidators() {}

    static String eventType(String text) {
        return matching(
                WORD, text, "invalid_characters", "is not 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
    }

    static Boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("not_one_of", "is not one of true, false", "true, false");
        };
    }

    static String ladderName(String text) {
        return eventType(text);
    }

    static String orderNo(String text) {
        return matching(PRINTABLE_ASCII, text, "not_ascii", "is not 1 to 64 printable ASCII characters");
    }

    private static String matching(Pattern pattern, String text, String code, String otherwise) {
        if (!pattern.matcher(text).matches()) {
            String kind = text.isEmpty() ? "too_short" : text.length() > WORD_LENGTH_MAX ? "too_long" : code;
            throw new InvalidValueException(kind, otherwise, WORD_LENGTH_MAX);
        }
        return text;
    }

    static String idempotencyKey(String text) {
        return readable(text, KEY_LENGTH_MAX);
    }

    static String name(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("blank", "is blank");
        }
        return readable(text, NAME_LENGTH_MAX);
    }

    static String subject(String text) {
        return readable(text, SUBJECT_LENGTH_MAX);
    }

    static String refundReason(String text) {
        return readable(text, REFUND_REASON_LENGTH_MAX);
    }

    static String note(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("blank", "is blank");
        }
        readable(text.replace('\n', ' '), NOTE_LENGTH_MAX); // notes may have several lines
        return text;
    }

    /** A currency for payments, by its ISO 4217 code. */
    static Currency currency(String text) {
        try {
            Currency currency = Currency.getInstance(text);
            if (currency.getDefaultFractionDigits() >= 0) {
                return currency;
            }
        } catch (IllegalArgumentException _) {
            throw new InvalidValueException("invalid_currency", "is not the code of an ISO 4217 currency, such as CNY");
        }
        throw new InvalidValueException("invalid_currency", "is not a currency for payments");
    }

    private static String readable(String text, int lengthMax) {
        if (text.isEmpty() || text.length() > lengthMax) {
            throw new InvalidValueException(
                    text.isEmpty() ? "too_short" : "too_long",
                    "does not have 1 to " + lengthMax + " characters",
                    lengthMax);
        }
        // UTF-8 cannot encode lone surrogates; PostgreSQL cannot store NUL.
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw new InvalidValueException("control_characters", "has control characters or lone surrogates");
        }
        return text;
    }
}
