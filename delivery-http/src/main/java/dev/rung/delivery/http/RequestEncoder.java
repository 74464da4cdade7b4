package dev.rung.delivery.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.Sender.Request;
import dev.rung.crypto.SealedHeaders;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.TlsIdentities;
import dev.rung.crypto.dialect.SigningDialect;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Writes the bytes of a request: request line, the headers named by the API's contract ("What the merchant receives"), {@code Host} and
 * {@code Content-Length}; nothing else. Thread-safe.
 */
final class RequestEncoder {
    private static final int TARGETS_REMEMBERED_MAX = 10_000;

    private final SigningDialects dialects;
    private final SealedHeaders staticHeaders;
    private final TlsIdentities identities;
    private final String userAgent;
    private final ConcurrentMap<String, TargetUrl> targets = new ConcurrentHashMap<>();

    RequestEncoder(SigningKeys keys, SigningDialects dialects, String version) {
        this.dialects = dialects;
        this.staticHeaders = keys.headers();
        this.identities = keys.tls();
        this.userAgent = "Rung/" + version;
    }

    /**
     * An encoded request.
     *
     * @param head up to and including the empty line
     */
    @SuppressWarnings("ArrayRecordComponent") // goes from here to the socket; it is never compared
    record Message(TargetUrl target, byte[] head, byte[] body) {
        @Override
        public String toString() {
            return "Message[" + target.route() + "]";
        }
    }

    /**
     * Signs and encodes.
     *
     * @throws RefusedException if the URL is invalid, or the merchant's keys cannot be opened
     */
    Message write(Request request) throws RefusedException {
        TargetUrl target = target(request.content().url());
        try {
            Receiver receiver = request.receiver();
            SigningDialect.Signed signed = sign(request);
            Map<String, String> own = staticHeaders.open(request.to(), receiver.headers());
            return new Message(reached(target, request), head(request, target, signed, own), signed.body());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new RefusedException("not signed: " + e.getMessage());
        }
    }

    private SigningDialect.Signed sign(Request request) {
        Receiver.Keys keys = request.receiver().keys();
        if (request.kind() == DeliveryKind.ALERT && keys.current().length == 0) {
            return new SigningDialect.Signed("application/json", request.payload(), Map.of());
        }
        return dialects.sign(
                request.to(), request.receiver(), request.id(), request.content(), request.payload(), request.now());
    }

    private TargetUrl reached(TargetUrl target, Request request) {
        Receiver.Tls tls = request.receiver().tls();
        return tls == null ? target : target.withIdentity(identities.context(request.to(), tls));
    }

    private TargetUrl target(String url) throws RefusedException {
        TargetUrl known = targets.get(url);
        if (known != null) {
            return known;
        }
        try {
            TargetUrl target = TargetUrl.parse(url);
            if (targets.size() >= TARGETS_REMEMBERED_MAX) {
                targets.clear();
            }
            targets.put(url, target);
            return target;
        } catch (IllegalArgumentException e) {
            throw new RefusedException("the URL " + e.getMessage());
        }
    }

    private byte[] head(Request request, TargetUrl target, SigningDialect.Signed signed, Map<String, String> own) {
        StringBuilder head = new StringBuilder(512);
        head.append("POST ").append(target.path()).append(" HTTP/1.1\r\n");
        header(head, "Host", target.hostHeader());
        header(head, "Content-Type", signed.contentType());
        header(head, "Content-Length", Integer.toString(signed.body().length));
        if (!has(own, "User-Agent")) {
            header(head, "User-Agent", userAgent);
        }
        if (!has(own, "Accept-Encoding")) {
            header(head, "Accept-Encoding", "identity");
        }
        header(head, "Webhook-Id", request.id().toString());
        header(head, "Webhook-Timestamp", Long.toString(request.now() / 1000));
        signed.headers().forEach((name, value) -> header(head, name, value));
        header(head, "Rung-Attempt", Integer.toString(request.number()));
        header(head, "Rung-Event-Id", request.content().eventOf(request.id()).toString());
        String eventType = request.content().eventType();
        if (eventType != null) {
            header(head, "Rung-Event-Type", eventType);
        }
        TraceParent trace = request.content().trace();
        if (trace != null && request.receiver().traceContext() && !has(own, "Traceparent")) {
            header(head, "Traceparent", trace.text());
        }
        own.forEach((name, value) -> header(head, name, value));
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static boolean has(Map<String, String> headers, String name) {
        return !headers.isEmpty() && headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
    }

    private static void header(StringBuilder head, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw new IllegalArgumentException("the header " + name + " would hold U+" + Integer.toHexString(c));
            }
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
