package dev.rung.delivery.http;

import dev.rung.core.model.Acknowledgement;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Decides by the merchant's rule whether a complete response acknowledges, and reads {@code Retry-After}. */
final class AcknowledgementPolicy {
    /** At most this much of a body is read and judged. */
    static final int JUDGED_BYTES_MAX = 64 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final byte[] SUCCESS = {'s', 'u', 'c', 'c', 'e', 's', 's'};

    /** Upper limit when reading; the flow applies its own, lower one. */
    private static final long RETRY_AFTER_SECONDS_MAX = Duration.ofDays(366).toSeconds();

    private AcknowledgementPolicy() {}

    /**
     * Why a complete response does not acknowledge, or null if it does.
     *
     * @param body the part of the body that is judged, in the first {@code length} bytes
     * @param whole false if the body was longer
     */
    static @Nullable String whyNot(Acknowledgement rule, int status, byte[] body, int length, boolean whole) {
        if (status >= 300 && status < 400) {
            return "status " + status + "; redirects are not followed";
        }
        if (!isAcceptedStatus(status)) {
            return "status " + status;
        }
        return switch (rule) {
            case STATUS_2XX -> null;
            case BODY_SUCCESS -> whole ? success(body, length) : tooLong();
            case JSON_CODE_SUCCESS -> whole ? codeSuccess(body, length) : tooLong();
        };
    }

    static boolean isAcceptedStatus(int status) {
        return status >= 200 && status <= 299;
    }

    private static String tooLong() {
        return "the body is longer than " + JUDGED_BYTES_MAX / 1024 + " KiB";
    }

    private static @Nullable String success(byte[] body, int length) {
        return isSuccess(body, length) ? null : HiddenCharacters.explain(body, length, "success");
    }

    private static boolean isSuccess(byte[] body, int length) {
        int start = 0;
        int end = length;
        while (start < end && isBlank(body[start])) {
            start++;
        }
        while (end > start && isBlank(body[end - 1])) {
            end--;
        }
        if (end - start != SUCCESS.length) {
            return false;
        }
        for (int i = 0; i < SUCCESS.length; i++) {
            int c = body[start + i];
            if (c != SUCCESS[i] && c != SUCCESS[i] - 0x20) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b >= 0 && b <= 0x20;
    }

    private static @Nullable String codeSuccess(byte[] body, int length) {
        boolean success = false;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body, 0, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return "the body is not a JSON object";
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean code = json.currentName().equals("code");
                JsonToken value = json.nextToken();
                if (code) {
                    if (value != JsonToken.VALUE_STRING || !json.getString().equals("SUCCESS")) {
                        return "the body's code is not \"SUCCESS\"";
                    }
                    success = true;
                }
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                return "the body is not a JSON object alone";
            }
        } catch (JacksonException _) {
            return "the body is not JSON";
        }
        return success ? null : "the body has no code";
    }

    /** Whether the receiver asks to wait: 429 in any case, 503 if it says for how long. */
    static boolean isThrottled(int status, @Nullable RetryAfter retryAfter) {
        return status == 429 || status == 503 && retryAfter != null;
    }

    /**
     * A valid {@code Retry-After}.
     *
     * @param asked null if it asks for none: it is 0, or a date in the past
     */
    record RetryAfter(@Nullable Duration asked) {}

    /**
     * Reads {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date in one of the three forms.
     *
     * @param now when the response came, epoch milliseconds
     * @return null if it is neither
     */
    static @Nullable RetryAfter retryAfter(String value, long now) {
        String text = value.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long seconds = text.length() > 9 ? RETRY_AFTER_SECONDS_MAX : Long.parseLong(text);
            return positive(Duration.ofSeconds(Math.min(seconds, RETRY_AFTER_SECONDS_MAX)));
        }
        Instant date = HttpDate.parse(text, now);
        return date == null ? null : positive(Duration.between(Instant.ofEpochMilli(now), date));
    }

    private static RetryAfter positive(Duration wait) {
        return new RetryAfter(wait.isPositive() ? wait : null);
    }
}
