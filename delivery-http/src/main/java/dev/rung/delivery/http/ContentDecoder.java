package dev.rung.delivery.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * Removes the content coding of a response body. Requests say {@code Accept-Encoding: identity}, but some servers compress anyway.
 *
 * <p>{@code gzip} and {@code deflate} are decoded; others need libraries and are reported by name.
 */
final class ContentDecoder {
    private ContentDecoder() {}

    /**
     * A body without its coding.
     *
     * @param bytes at most one byte more than is judged
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on within the sender, never compared
    record Decoded(byte[] bytes) {
        boolean isTooLong() {
            return bytes.length > AcknowledgementPolicy.JUDGED_BYTES_MAX;
        }
    }

    /** The body cannot be decoded. The message says why, continuing "the body is ". */
    static final class UndecodableException extends IOException {
        private static final long serialVersionUID = 1L;

        UndecodableException(String message) {
            super(message);
        }
    }

    /** The content codings of a response in the order in which they were applied, in lower case, without {@code identity}. */
    static List<String> codings(ClassicHttpResponse response) {
        List<String> codings = new ArrayList<>();
        for (Header header : response.getHeaders("content-encoding")) {
            String value = header.getValue() == null ? "" : header.getValue();
            for (String part : value.split(",", -1)) {
                String coding = part.strip().toLowerCase(Locale.ROOT);
                if (!coding.isEmpty() && !coding.equals("identity")) {
                    codings.add(coding);
                }
            }
        }
        return codings;
    }

    /**
     * Decodes a whole body.
     *
     * @param codings as {@link #codings} returns them
     */
    static Decoded decode(byte[] body, List<String> codings) throws UndecodableException {
        byte[] decoded = body;
        for (String coding : codings.reversed()) {
            // Some servers announce a coding for an empty body (204, for example).
            if (decoded.length > 0) {
                decoded = decode(decoded, coding);
            }
        }
        return new Decoded(decoded);
    }

    private static byte[] decode(byte[] body, String coding) throws UndecodableException {
        try (InputStream in = open(body, coding)) {
            return in.readNBytes(AcknowledgementPolicy.JUDGED_BYTES_MAX + 1);
        } catch (UndecodableException e) {
            throw e;
        } catch (IOException _) {
            throw new UndecodableException("not valid " + coding + " (Content-Encoding)");
        }
    }

    private static InputStream open(byte[] body, String coding) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            // By RFC 9110 this is zlib (RFC 1950); some servers send raw deflate instead.
            case "deflate" ->
                isZlib(body) ? new InflaterInputStream(in) : new InflaterInputStream(in, new Inflater(true));
            default ->
                throw new UndecodableException(
                        "encoded with " + coding + ", although the request says Accept-Encoding: identity");
        };
    }

    private static boolean isZlib(byte[] body) {
        return body.length > 1 && (body[0] & 0x0f) == 8 && ((body[0] & 0xff) << 8 | body[1] & 0xff) % 31 == 0;
    }
}
