package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * The place of an operation in a distributed trace, as the header {@code traceparent} of W3C Trace Context has it.
 *
 * @param text {@code 00-}, the trace id (32 hexadecimal digits), the span id (16), the flags (2)
 */
public record TraceParent(String text) {
    private static final int LENGTH = 55;
    private static final int TRACE_ID = 3;
    private static final int SPAN_ID = 36;
    private static final int FLAGS = 53;

    /** The value of a header; null if it is absent or invalid, which counts as absent. */
    public static @Nullable TraceParent parse(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        boolean valid = text.length() >= LENGTH
                && isHex(text, 0, 2)
                && !text.startsWith("ff")
                && isSeparated(text)
                && isId(text, TRACE_ID, SPAN_ID - 1)
                && isId(text, SPAN_ID, FLAGS - 1)
                && isHex(text, FLAGS, LENGTH);
        return valid ? new TraceParent("00" + text.substring(2, LENGTH)) : null;
    }

    /** A later version may add parts at the end. */
    private static boolean isSeparated(String text) {
        return text.charAt(TRACE_ID - 1) == '-'
                && text.charAt(SPAN_ID - 1) == '-'
                && text.charAt(FLAGS - 1) == '-'
                && (text.length() == LENGTH || !text.startsWith("00") && text.charAt(LENGTH) == '-');
    }

    private static boolean isId(String text, int from, int to) {
        boolean allZeros = true;
        for (int i = from; i < to; i++) {
            allZeros &= text.charAt(i) == '0';
        }
        return !allZeros && isHex(text, from, to);
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    public String traceId() {
        return text.substring(TRACE_ID, SPAN_ID - 1);
    }

    public String spanId() {
        return text.substring(SPAN_ID, FLAGS - 1);
    }

    /** Two hexadecimal digits; the lowest bit says that the trace is recorded. */
    public String flags() {
        return text.substring(FLAGS);
    }

    @Override
    public String toString() {
        return text;
    }
}
