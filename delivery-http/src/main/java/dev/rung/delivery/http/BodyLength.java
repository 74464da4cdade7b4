package dev.rung.delivery.http;

import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;

/**
 * Determines where a response body ends (RFC 9112, 6.3). More tolerant than HttpCore, as browsers and curl are: equal {@code Content-Length}
 * values count as one, and the transfer coding {@code identity} of older servers means none.
 */
final class BodyLength {
    static final long CHUNKED = -1;
    static final long UNTIL_CLOSE = -2;

    private BodyLength() {}

    /**
     * The number of bytes, {@link #CHUNKED} or {@link #UNTIL_CLOSE}.
     *
     * @throws HttpException if the headers contradict each other or are malformed
     */
    static long of(ClassicHttpResponse response) throws HttpException {
        boolean chunked = false;
        for (Header header : response.getHeaders("transfer-encoding")) {
            for (String part : value(header).split(",", -1)) {
                String coding = part.strip().toLowerCase(Locale.ROOT);
                if (coding.isEmpty() || coding.equals("identity")) {
                    continue;
                }
                if (!coding.equals("chunked") || chunked) {
                    throw new HttpException("unsupported Transfer-Encoding: " + value(header));
                }
                chunked = true;
            }
        }
        return chunked ? CHUNKED : contentLength(response);
    }

    private static long contentLength(ClassicHttpResponse response) throws HttpException {
        long length = UNTIL_CLOSE;
        for (Header header : response.getHeaders("content-length")) {
            for (String part : value(header).split(",", -1)) {
                long each = number(part.strip());
                if (length != UNTIL_CLOSE && length != each) {
                    throw new HttpException("different values of Content-Length: " + length + " and " + each);
                }
                length = each;
            }
        }
        return length;
    }

    private static long number(String digits) throws HttpException {
        boolean valid = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            if (valid) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException _) {
            // Too large: reported below.
        }
        throw new HttpException("invalid Content-Length: " + digits);
    }

    private static String value(Header header) {
        return header.getValue() == null ? "" : header.getValue();
    }
}
