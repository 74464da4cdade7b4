package dev.rung.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a new or updated endpoint; null means the default, or no change. Built step by step: {@code
 * EndpointFields.of("CRM", "https://…").withEvents(List.of("payment.*"))}.
 */
public record EndpointFields(
        @Nullable String name,
        @Nullable String url,
        @Nullable List<String> events,
        @Nullable Ladder ladder,
        @Nullable Acknowledge acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight,
        @Nullable Duration timeout,
        @Nullable Double rate,
        @Nullable Map<String, String> headers,
        @Nullable String signatureHeader,
        @Nullable String signingSecret,
        @Nullable String privateKey,
        @Nullable ClientTls tls) {

    /** No fields, for an update. */
    public static final EndpointFields NONE =
            new EndpointFields(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The required fields of a new endpoint, which receives every event. */
    public static EndpointFields of(String name, String url) {
        return NONE.withName(name).withUrl(url);
    }

    public EndpointFields withName(String value) {
        return new EndpointFields(
                value,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    public EndpointFields withUrl(String value) {
        return new EndpointFields(
                name,
                value,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    /** Event types; {@code *} at the end of one stands for any rest. */
    public EndpointFields withEvents(List<String> value) {
        return new EndpointFields(
                name,
                url,
                value,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    public EndpointFields withLadder(Ladder value) {
        return new EndpointFields(
                name,
                url,
                events,
                value,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    public EndpointFields withAcknowledge(Acknowledge value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                value,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    public EndpointFields withSigning(Signing value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                value,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    public EndpointFields withMaxInFlight(int value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                value,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    /** The total time of one attempt: 1 to 30 seconds. */
    public EndpointFields withTimeout(Duration value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                value,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    /** Attempts a second, of all servers together. */
    public EndpointFields withRate(double value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                value,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    /** Static request headers, at most 20; an update replaces all of them. */
    public EndpointFields withHeaders(Map<String, String> value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                value,
                signatureHeader,
                signingSecret,
                privateKey,
                tls);
    }

    /** The header that carries the signature, with {@link Signing#HMAC_HEX}. */
    public EndpointFields withSignatureHeader(String value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                value,
                signingSecret,
                privateKey,
                tls);
    }

    /** An existing secret, {@code whsec_…}, instead of a generated one. */
    public EndpointFields withSigningSecret(String value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                value,
                privateKey,
                tls);
    }

    /** An existing private key, PKCS #8 PEM, with {@link Signing#RSA2_FORM}. */
    public EndpointFields withPrivateKey(String value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                value,
                tls);
    }

    public EndpointFields withTls(ClientTls value) {
        return new EndpointFields(
                name,
                url,
                events,
                ladder,
                acknowledge,
                signing,
                maxInFlight,
                timeout,
                rate,
                headers,
                signatureHeader,
                signingSecret,
                privateKey,
                value);
    }

    String json() {
        return JsonWriter.object()
                .put("name", name)
                .put("url", url)
                .put("events", events)
                .put("ladder", ladder)
                .put("acknowledge", acknowledge)
                .put("signing", signing)
                .put("max_in_flight", maxInFlight)
                .put("timeout", timeout)
                .put("rate", rate)
                .put("headers", headers)
                .put("signature_header", signatureHeader)
                .put("signing_secret", signingSecret)
                .put("private_key", privateKey)
                .put("tls", tls == null ? null : tls.json())
                .text();
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "EndpointFields[" + name + "]";
    }
}
