package dev.rung.server.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Refuses heads that Tomcat reads leniently and a proxy may read in another way, so that one request could be hidden in
 * another: lines that end in a bare LF, further spaces in the request line, a length beside an encoding, and folded lines
 * of headers that frame the request. Another folded line is read as RFC 9112 says: its fold is a space.
 */
public final class StrictHeadValve extends ValveBase {
    private static final Set<String> FRAMING = Set.of("host", "content-length", "transfer-encoding");
    private static final byte[] LENGTH = {'c', 'o', 'n', 't', 'e', 'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h'};
    private static final byte[] ENCODING = {
        't', 'r', 'a', 'n', 's', 'f', 'e', 'r', '-', 'e', 'n', 'c', 'o', 'd', 'i', 'n', 'g'
    };

    public StrictHeadValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request coyote = request.getCoyoteRequest();
        if (coyote.getInputBuffer() instanceof Http11InputBuffer buffer
                && !(isStrict(buffer.getByteBuffer()) && isUnfolded(coyote.getMimeHeaders()))) {
            response.setHeader("Connection", "close");
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        getNext().invoke(request, response);
    }

    /** Looks at the head as it was received: the bytes from the start of the buffer to its position. */
    private static boolean isStrict(ByteBuffer head) {
        int end = head.position();
        int spaces = 0;
        int lengths = 0;
        int encodings = 0;
        boolean requestLine = true;
        for (int at = startOf(head, end); at < end; at++) {
            byte c = head.get(at);
            if (c == '\n') {
                if (at == 0 || head.get(at - 1) != '\r') {
                    return false;
                }
                requestLine = false;
                lengths += isNamed(head, at + 1, end, LENGTH) ? 1 : 0;
                encodings += isNamed(head, at + 1, end, ENCODING) ? 1 : 0;
            } else if (requestLine && c == ' ') {
                spaces++;
            } else if (requestLine && c == '\t') {
                return false;
            }
        }
        return spaces == 2 && lengths + encodings <= 1;
    }

    /** Empty lines before a request are not part of it. */
    private static int startOf(ByteBuffer head, int end) {
        int at = 0;
        while (at + 1 < end && head.get(at) == '\r' && head.get(at + 1) == '\n') {
            at += 2;
        }
        return at;
    }

    private static boolean isNamed(ByteBuffer head, int at, int end, byte[] name) {
        if (at + name.length >= end) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if ((head.get(at + i) | 0x20) != name[i]) { // lower case
                return false;
            }
        }
        return head.get(at + name.length) == ':';
    }

    /**
     * Whether no header that frames the request is folded. Tomcat moves a value to the colon, and the rest of a folded one to
     * the end of its first line, so that more than the space after the colon is left behind it.
     */
    private static boolean isUnfolded(MimeHeaders headers) {
        for (int i = 0; i < headers.size(); i++) {
            ByteChunk value = headers.getValue(i).getByteChunk();
            if (FRAMING.contains(headers.getName(i).toString().toLowerCase(Locale.ROOT)) && !value.isNull()) {
                byte[] bytes = value.getBuffer();
                int end = value.getEnd();
                if (bytes[end] != '\r' && bytes[end + 1] != '\r') {
                    return false;
                }
            }
        }
        return true;
    }
}
