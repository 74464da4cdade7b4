package dev.rung.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A request whose body is limited by its path and counted in the {@link BodyBudget}. Not thread-safe. */
final class LimitedRequest extends HttpServletRequestWrapper {
    private static final String ENCODING = "Content-Encoding";

    private final BodyBudget.Share share;
    private final int bytesMax;
    private final boolean gzip;
    private @Nullable ServletInputStream body;

    LimitedRequest(HttpServletRequest request, BodyBudget.Share share) {
        super(request);
        this.share = share;
        this.bytesMax = BodyLimits.bytesMax(request.getRequestURI());
        this.gzip =
                "gzip".equalsIgnoreCase(request.getHeader(ENCODING)) && BodyLimits.takesGzip(request.getRequestURI());
        request.setAttribute(BodyBudget.Share.ATTRIBUTE, share);
    }

    /**
     * @throws ProblemException 413 if the body is declared longer than the path takes
     */
    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream made = body;
        if (made == null) {
            checkLength();
            ServletInputStream raw = super.getInputStream();
            made = new Limited(raw, gzip ? inflated(raw) : raw);
            body = made;
        }
        return made;
    }

    private void checkLength() {
        if (super.getContentLengthLong() > bytesMax) {
            throw Problem.tooLarge(bytesMax).asException();
        }
    }

    /** The declared length, or as much as the path takes. */
    private long lengthMax() {
        long declared = getContentLengthLong();
        return declared < 0 ? bytesMax : declared;
    }

    private static InputStream inflated(InputStream raw) throws IOException {
        try {
            return new GZIPInputStream(raw);
        } catch (ZipException | EOFException e) {
            throw notGzip();
        }
    }

    private static ProblemException notGzip() {
        return Problem.malformed("not_gzip", "The body is not valid gzip.").asException();
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    /** The container reads a form by itself, at once; its length is reserved before. */
    private void reserveForm() {
        if (body == null && "POST".equals(getMethod())) {
            checkLength();
            share.require(lengthMax(), lengthMax());
        }
    }

    @Override
    public @Nullable String getParameter(String name) {
        reserveForm();
        return super.getParameter(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        reserveForm();
        return super.getParameterMap();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        reserveForm();
        return super.getParameterNames();
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        reserveForm();
        return super.getParameterValues(name);
    }

    // A compressed body is inflated here, so its readers see neither its encoding nor its compressed length.

    @Override
    public int getContentLength() {
        return gzip ? -1 : super.getContentLength();
    }

    @Override
    public long getContentLengthLong() {
        return gzip ? -1 : super.getContentLengthLong();
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (!gzip) {
            return super.getHeader(name);
        }
        return switch (hidden(name)) {
            case ENCODING, "Content-Length" -> null;
            case "Transfer-Encoding" -> "chunked";
            default -> super.getHeader(name);
        };
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (!gzip || hidden(name).isEmpty()) {
            return super.getHeaders(name);
        }
        String value = getHeader(name);
        return Collections.enumeration(value == null ? List.of() : List.of(value));
    }

    private static String hidden(String name) {
        for (String each : new String[] {ENCODING, "Content-Length", "Transfer-Encoding"}) {
            if (each.equalsIgnoreCase(name)) {
                return each;
            }
        }
        return "";
    }

    /** Counts what is read. */
    private final class Limited extends ServletInputStream {
        private final ServletInputStream raw;
        private final InputStream in;
        private long arrived;

        Limited(ServletInputStream raw, InputStream in) {
            this.raw = raw;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n;
            try {
                n = in.read(buffer, offset, length);
            } catch (ZipException | EOFException e) {
                if (!gzip || e instanceof EOFException && !raw.isFinished()) {
                    throw e; // the client disconnected
                }
                throw notGzip();
            }
            if (n > 0) {
                arrived += n;
                if (arrived > bytesMax) {
                    throw Problem.tooLarge(bytesMax).asException();
                }
                requireOrRefuse();
            }
            return n;
        }

        private void requireOrRefuse() throws BodyRefusedException {
            try {
                share.require(arrived, lengthMax());
            } catch (ProblemException e) {
                if (share.isStrangers()) {
                    throw new BodyRefusedException(e);
                }
                throw e;
            }
        }

        @Override
        public boolean isFinished() {
            return raw.isFinished();
        }

        @Override
        public boolean isReady() {
            return raw.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            raw.setReadListener(listener);
        }
    }
}
