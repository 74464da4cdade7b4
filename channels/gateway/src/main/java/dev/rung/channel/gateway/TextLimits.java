package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/** Cuts texts to what is kept of them. */
public final class TextLimits {
    /** Of an answer, for a payment's story. */
    private static final int ANSWER_BYTES_MAX = 4 * 1024;

    private TextLimits() {}

    /** An answer as text, at most 4 KiB of it, cut between characters. */
    public static String answer(byte[] body) {
        CharsetDecoder decoder =
                UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE).replaceWith("?");
        CharBuffer text = CharBuffer.allocate(ANSWER_BYTES_MAX);
        // Not the end of the input: an incomplete character at the cut stays unread instead of being replaced.
        decoder.decode(ByteBuffer.wrap(body, 0, Math.min(body.length, ANSWER_BYTES_MAX)), text, false);
        return text.flip().toString();
    }

    /** At most so many characters, none of them cut in two. */
    public static String characters(String text, int max) {
        return text.codePointCount(0, text.length()) <= max ? text : text.substring(0, text.offsetByCodePoints(0, max));
    }
}
