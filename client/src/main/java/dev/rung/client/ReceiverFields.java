package dev.rung.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of merchants and endpoints have in common. Immutable; a field that is not set means the default, or no change.
 *
 * @param <T> the fields of the one or the other
 */
public abstract sealed class ReceiverFields<T extends ReceiverFields<T>> permits EndpointFields, MerchantFields {
    private static final String NAME = "name";

    /** By their names in the API. */
    private final Map<String, Object> set;

    ReceiverFields(Map<String, Object> set) {
        this.set = set;
    }

    /** The same kind of fields, with these set. */
    abstract T copy(Map<String, Object> fields);

    /** A copy with another value of a field; null: without it. */
    final T with(String field, @Nullable Object value) {
        Map<String, Object> fields = new LinkedHashMap<>(set);
        if (value == null) {
            fields.remove(field);
        } else {
            fields.put(field, value);
        }
        return copy(fields);
    }

    public T withName(String value) {
        return with(NAME, value);
    }

    public T withLadder(Ladder value) {
        return with("ladder", value);
    }

    public T withAcknowledge(Acknowledge value) {
        return with("acknowledge", value);
    }

    public T withSigning(Signing value) {
        return with("signing", value);
    }

    public T withMaxInFlight(int value) {
        return with("max_in_flight", value);
    }

    /** The total time of one attempt: 1 to 30 seconds. */
    public T withTimeout(Duration value) {
        return with("timeout", value);
    }

    /** Attempts a second, of all servers together. */
    public T withRate(double value) {
        return with("rate", value);
    }

    /** Static request headers, at most 20; an update replaces all of them. */
    public T withHeaders(Map<String, String> value) {
        return with("headers", value);
    }

    /** The header that carries the signature, with {@link Signing#HMAC_HEX}. */
    public T withSignatureHeader(String value) {
        return with("signature_header", value);
    }

    /** An existing secret, {@code whsec_…}, instead of a generated one. */
    public T withSigningSecret(String value) {
        return with("signing_secret", value);
    }

    /** An existing private key, PKCS #8 PEM, with {@link Signing#RSA2_FORM}. */
    public T withPrivateKey(String value) {
        return with("private_key", value);
    }

    public T withTls(ClientTls value) {
        return with("tls", value);
    }

    /** Whether requests have the header {@code traceparent} of the notification's trace. */
    public T withTraceContext(boolean value) {
        return with("trace_context", value);
    }

    final String json() {
        JsonWriter json = JsonWriter.object();
        set.forEach(json::put);
        return json.text();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ReceiverFields<?> fields && getClass() == fields.getClass() && set.equals(fields.set);
    }

    @Override
    public final int hashCode() {
        return set.hashCode();
    }

    /** Without the secrets. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + set.get(NAME) + "]";
    }
}
