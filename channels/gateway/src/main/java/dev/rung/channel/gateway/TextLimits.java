package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/** Truncates texts to the length that is stored. */
public final class TextLimits {
    /** Maximum bytes of a response kept in a payment's timeline. */
    private static final int ANSWER_BYTES_MAX = 4 * 1024;

    private TextLimits() {}

    /** A response as text of at most 4 KiB, truncated between characters. */
    public static String answer(byte[] body) {
        CharsetDecoder decoder =
                UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE).replaceWith("?");
        CharBuffer text = CharBuffer.allocate(ANSWER_BYTES_MAX);
        // endOfInput is false, so an incomplete character at the end is dropped instead of replaced.
        decoder.decode(ByteBuffer.wrap(body, 0, Math.min(body.length, ANSWER_BYTES_MAX)), text, false);
        return text.flip().toString();
    }

    /** The first characters; a surrogate pair is not split. */
    public static String truncate(String text, int max) {
        return text.codePointCount(0, text.length()) <= max ? text : text.substring(0, text.offsetByCodePoints(0, max));
    }
}
