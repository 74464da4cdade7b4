package dev.rung.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.model.Durations;
import dev.rung.web.Json;
import dev.rung.web.Timestamps;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Computes a digest of the notification that a request describes, for comparing requests with one idempotency key.
 *
 * <p>The payload counts byte by byte, other members by value: their order, white space and escapes do not matter, nor whether the
 * notification came alone, in a batch or by AMQP.
 */
final class RequestDigest {
    private RequestDigest() {}

    /**
     * SHA-256 of a request or of an item of a batch.
     *
     * @param body the bytes that the object was read from
     */
    static byte[] of(byte[] body, Json.Obj request) {
        MessageDigest sha256 = sha256();
        for (Map.Entry<String, Json> member : new TreeMap<>(request.members()).entrySet()) {
            if (!isLeftOut(member.getKey(), member.getValue())) {
                add(sha256, member.getKey().getBytes(UTF_8));
                add(sha256, value(body, member.getKey(), member.getValue()));
            }
        }
        return sha256.digest();
    }

    private static boolean isLeftOut(String name, Json value) {
        return switch (value) {
            case Json.Null _ -> true;
            case Json.Bool bool -> name.equals("ordered") && !bool.value();
            default -> name.equals("idempotency_key");
        };
    }

    /** With its length, so that no two lists of members have the same bytes. */
    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    private static byte[] value(byte[] body, String name, Json value) {
        return switch (value) {
            case Json.Raw raw -> Arrays.copyOfRange(body, raw.start(), raw.end());
            case Json.Text text
            when name.equals("deliver_at") -> bytes("text", parsed(text.value(), Timestamps::parse));
            case Json.Text text -> bytes("text", text.value());
            case Json.Arr steps when name.equals("ladder") -> bytes("steps", steps(steps));
            default -> bytes("other", value.toString());
        };
    }

    private static String steps(Json.Arr steps) {
        StringBuilder list = new StringBuilder();
        for (Json step : steps.items()) {
            list.append(step instanceof Json.Text text ? parsed(text.value(), Durations::parse) : step.toString())
                    .append('\n');
        }
        return list.toString();
    }

    /** The value in one spelling; as it is, where it is invalid. */
    private static String parsed(String text, Function<String, ?> parser) {
        try {
            return String.valueOf(parser.apply(text));
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static byte[] bytes(String kind, String text) {
        return (kind + ' ' + text).getBytes(UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
