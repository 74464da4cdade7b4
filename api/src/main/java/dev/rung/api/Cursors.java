package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.NotificationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes opaque pagination cursors. A cursor contains the kind of its list and a checksum, so that invalid ones are rejected; it contains no
 * secrets, and a forged one does no harm.
 */
final class Cursors {
    private static final int DIGEST_BYTES = 4;

    private Cursors() {}

    /** The kind of list of a cursor. */
    enum Kind {
        NOTIFICATIONS('n'),
        MERCHANTS('m'),
        EVENTS('e'),
        RESEND('r'),
        PAYMENTS('p'),
        PAYMENTS_BY_TIME_OF_PAYMENT('t'),
        CALLBACKS('c'),
        DISCREPANCIES('d'),
        RECONCILIATIONS('b'),
        REFUNDS('f'),
        APPROVALS('v'),
        AUDIT('a'),
        REJECTED('j');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    static String of(Kind kind, long id) {
        return of(kind, Long.toUnsignedString(id, 36));
    }

    static String of(Kind kind, String place) {
        byte[] content = (kind.letter + place).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(DIGEST_BYTES + content.length)
                        .put(digest(content))
                        .put(content)
                        .array());
    }

    static NotificationId notification(Kind kind, String cursor) {
        return new NotificationId(number(kind, cursor));
    }

    static long number(Kind kind, String cursor) {
        String place = place(kind, cursor);
        try {
            return Long.parseUnsignedLong(place, 36);
        } catch (NumberFormatException e) {
            throw broken();
        }
    }

    /**
     * Decodes a cursor of {@link #of}.
     *
     * @throws InvalidValueException if it is not a cursor of this kind
     */
    static String place(Kind kind, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException _) {
            throw broken();
        }
        if (bytes.length <= DIGEST_BYTES || bytes[DIGEST_BYTES] != kind.letter) {
            throw broken();
        }
        byte[] content = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
        if (!Arrays.equals(digest(content), 0, DIGEST_BYTES, bytes, 0, DIGEST_BYTES)) {
            throw broken();
        }
        return new String(content, 1, content.length - 1, StandardCharsets.UTF_8);
    }

    private static InvalidValueException broken() {
        return new InvalidValueException("invalid_cursor", "is not a cursor of this list");
    }

    private static byte[] digest(byte[] content) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(content), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
