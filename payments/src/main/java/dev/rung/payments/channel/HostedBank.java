package dev.rung.payments.channel;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Implemented by a {@link dev.rung.payments.port.PaymentChannel} whose bank runs inside the server, at {@code /banks/NAME} of the server's HTTP port.
 * Thread-safe.
 */
public interface HostedBank {
    /** The longest request body; longer ones are answered with 413. */
    int BODY_BYTES_MAX = 64 * 1024;

    /** Answers a request, which is not authenticated. */
    Answer answer(Request request);

    /**
     * A request.
     *
     * @param path below {@code /banks/NAME}: empty, or beginning with a slash
     * @param headers by lower-case name
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Request(String method, String path, @Nullable String query, Map<String, String> headers, byte[] body) {
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /**
     * An answer.
     *
     * @param contentType empty: none
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {}
}
