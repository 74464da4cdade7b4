package dev.rung.delivery.http;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.BasicHeaderElementIterator;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** Reads a response's body within its limits and builds the result. */
final class ResponseReader {
    static final int KEPT_BYTES_MAX = 4 * 1024;
    static final int KEPT_HEADER_CHARS_MAX = 8 * 1024;

    /** Chunk framing may at most double a body's size on the wire. */
    private static final int STREAM_BYTES_MAX = 2 * AcknowledgementPolicy.JUDGED_BYTES_MAX;

    /**
     * The outcome of a complete response.
     *
     * @param keepNanos how long the server allows the connection to be reused; 0: not at all
     */
    record Read(Result result, long keepNanos) {}

    private ResponseReader() {}

    /**
     * Reads the body and judges the response.
     *
     * @param now when the head came, epoch milliseconds
     */
    static Read read(Request request, MerchantConnection connection, ClassicHttpResponse response, long now)
            throws IOException, HttpException {
        Acknowledgement rule = request.receiver().acknowledge();
        InputStream in = connection.receiveBody(response, STREAM_BYTES_MAX);
        byte[] body = new byte[0];
        int length = 0;
        boolean whole = false;
        try {
            // Reading one byte more than is judged shows whether the body is longer.
            for (int n = 0; length <= AcknowledgementPolicy.JUDGED_BYTES_MAX; length += n) {
                if (length == body.length) {
                    body = Arrays.copyOf(
                            body, Math.min(Math.max(1024, 2 * length), AcknowledgementPolicy.JUDGED_BYTES_MAX + 1));
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
        Judged judged = judge(rule, response, Arrays.copyOf(body, length), whole);
        String whyNot = judged.whyNot();
        Attempt.Answer answer = new Attempt.Answer(
                response.getCode(),
                headers(response),
                Arrays.copyOf(judged.shown(), Math.min(judged.shown().length, KEPT_BYTES_MAX)));
        AcknowledgementPolicy.RetryAfter retryAfter = whyNot == null ? null : retryAfter(response, now);
        Outcome outcome = whyNot == null
                ? Outcome.ACKNOWLEDGED
                : AcknowledgementPolicy.isThrottled(response.getCode(), retryAfter)
                        ? Outcome.THROTTLED
                        : Outcome.DECLINED;
        return new Read(
                new Result(outcome, answer, whyNot, retryAfter == null ? null : retryAfter.asked()),
                whole ? keepNanos(response) : 0);
    }

    /** Why the response does not acknowledge (null: it does), and the body to keep: decoded, where that is possible. */
    @SuppressWarnings("ArrayRecordComponent") // passed on within this class, never compared
    private record Judged(@Nullable String whyNot, byte[] shown) {}

    private static Judged judge(Acknowledgement rule, ClassicHttpResponse response, byte[] body, boolean whole) {
        int status = response.getCode();
        List<String> codings = ContentDecoder.codings(response);
        if (codings.isEmpty() || !whole) {
            return new Judged(AcknowledgementPolicy.whyNot(rule, status, body, body.length, whole), body);
        }
        try {
            ContentDecoder.Decoded decoded = ContentDecoder.decode(body, codings);
            byte[] bytes = decoded.bytes();
            return new Judged(
                    AcknowledgementPolicy.whyNot(rule, status, bytes, bytes.length, !decoded.isTooLong()), bytes);
        } catch (ContentDecoder.UndecodableException e) {
            boolean judgedByBody = AcknowledgementPolicy.isAcceptedStatus(status) && rule != Acknowledgement.STATUS_2XX;
            return new Judged(
                    judgedByBody
                            ? "the body is " + e.getMessage()
                            : AcknowledgementPolicy.whyNot(rule, status, body, body.length, true),
                    body);
        }
    }

    /** Status and headers alone, for a response whose body does not come. */
    static Attempt.Answer headOf(ClassicHttpResponse response) {
        return new Attempt.Answer(response.getCode(), headers(response), new byte[0]);
    }

    /** The first header lines that fit, with control characters replaced. */
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

    /** Replaces each control character by a question mark: PostgreSQL's text type cannot hold a NUL. */
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

    private static AcknowledgementPolicy.@Nullable RetryAfter retryAfter(ClassicHttpResponse response, long now) {
        Header header = response.getFirstHeader("retry-after");
        return header == null || header.getValue() == null
                ? null
                : AcknowledgementPolicy.retryAfter(header.getValue(), now);
    }

    /** Evaluates {@code Connection} and {@code Keep-Alive: timeout=…}. */
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

    /** One second less than the promise, but at least half of it: the server's timer started before ours. */
    private static long promised(String seconds) {
        try {
            long nanos = TimeUnit.SECONDS.toNanos(Math.max(0, Long.parseLong(seconds)));
            return Math.max(nanos - TimeUnit.SECONDS.toNanos(1), nanos / 2);
        } catch (NumberFormatException _) {
            return IdleConnections.IDLE_NANOS_MAX;
        }
    }
}
