package dev.rung.delivery.http;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.BasicHeaderElementIterator;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** Reads a response's body within its bounds, and makes a result of what came. */
final class ResponseReader {
    /** So much of a body is read and judged. */
    static final int JUDGED_BYTES_MAX = 64 * 1024;

    static final int KEPT_BYTES_MAX = 4 * 1024;
    static final int KEPT_HEADER_CHARS_MAX = 8 * 1024;

    /** Framing may double what a body costs on the wire; more is somebody's game. */
    private static final int STREAM_BYTES_MAX = 2 * JUDGED_BYTES_MAX;

    /**
     * What came of a complete answer.
     *
     * @param keepNanos for how long the server lets the connection be used again; 0: it does not
     */
    record Read(Result result, long keepNanos) {}

    private ResponseReader() {}

    static Read read(Request request, MerchantConnection connection, ClassicHttpResponse response)
            throws IOException, HttpException {
        Acknowledgement rule = request.merchant().acknowledge();
        InputStream in = connection.receiveBody(response, STREAM_BYTES_MAX);
        byte[] body = new byte[0];
        int length = 0;
        boolean whole = false;
        try {
            // One byte more than is judged tells whether there is more.
            for (int n = 0; length <= JUDGED_BYTES_MAX; length += n) {
                if (length == body.length) {
                    body = Arrays.copyOf(body, Math.min(Math.max(1024, 2 * length), JUDGED_BYTES_MAX + 1));
                }
                n = in.read(body, length, body.length - length);
                if (n < 0) {
                    whole = true;
                    break;
                }
            }
        } catch (MerchantConnection.TooLong _) {
            whole = false;
        }
        String whyNot = AcknowledgementPolicy.whyNot(rule, response.getCode(), body, length, whole);
        Attempt.Answer answer = new Attempt.Answer(
                response.getCode(), headers(response), Arrays.copyOf(body, Math.min(length, KEPT_BYTES_MAX)));
        Outcome outcome = whyNot == null ? Outcome.ACKNOWLEDGED : Outcome.DECLINED;
        return new Read(
                new Result(outcome, answer, whyNot, retryAfter(response, request.now())),
                whole ? keepNanos(response) : 0);
    }

    /** As lines, the first ones that fit, without what no store and no screen should have to bear. */
    private static String headers(ClassicHttpResponse response) {
        StringBuilder lines = new StringBuilder();
        for (Header header : response.getHeaders()) {
            String line = header.getName() + ": " + (header.getValue() == null ? "" : header.getValue());
            if (lines.length() + line.length() >= KEPT_HEADER_CHARS_MAX) {
                break;
            }
            lines.append(lines.isEmpty() ? "" : "\n").append(printable(line));
        }
        return lines.toString();
    }

    /** With a question mark for each control character; PostgreSQL's text, for one, cannot hold a NUL. */
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                char[] chars = text.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = Character.isISOControl(chars[j]) ? '?' : chars[j];
                }
                return new String(chars);
            }
        }
        return text;
    }

    private static @Nullable Duration retryAfter(ClassicHttpResponse response, long now) {
        if (response.getCode() != 429 && response.getCode() != 503) {
            return null;
        }
        Header header = response.getFirstHeader("retry-after");
        return header == null || header.getValue() == null
                ? null
                : AcknowledgementPolicy.retryAfter(header.getValue(), now);
    }

    /** What {@code MerchantConnection} and {@code Keep-Alive: timeout=…} say. */
    private static long keepNanos(ClassicHttpResponse response) {
        if (!DefaultConnectionReuseStrategy.INSTANCE.keepAlive(null, response, HttpCoreContext.create())) {
            return 0;
        }
        long nanos = IdleConnections.IDLE_NANOS_MAX;
        Iterator<Header> headers = response.headerIterator("keep-alive");
        var elements = new BasicHeaderElementIterator(headers);
        while (elements.hasNext()) {
            var element = elements.next();
            if ("timeout".equalsIgnoreCase(element.getName()) && element.getValue() != null) {
                nanos = Math.min(nanos, promised(element.getValue()));
            }
        }
        return nanos;
    }

    /** A second less than it says, at least half: the server's clock began to run before ours. */
    private static long promised(String seconds) {
        try {
            long nanos = TimeUnit.SECONDS.toNanos(Math.max(0, Long.parseLong(seconds)));
            return Math.max(nanos - TimeUnit.SECONDS.toNanos(1), nanos / 2);
        } catch (NumberFormatException _) {
            return IdleConnections.IDLE_NANOS_MAX;
        }
    }
}
