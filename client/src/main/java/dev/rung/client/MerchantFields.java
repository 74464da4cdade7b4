package dev.rung.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a new or updated merchant; null means the default, or no change. Built step by step: {@code
 * MerchantFields.named("Tea House").withNotifyUrl("https://…")}.
 */
public record MerchantFields(
        @Nullable String name,
        @Nullable String notifyUrl,
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
    public static final MerchantFields NONE =
            new MerchantFields(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** A name, the only required field of a new merchant. */
    public static MerchantFields named(String name) {
        return NONE.withName(name);
    }

    public MerchantFields withName(String value) {
        return new MerchantFields(
                value,
                notifyUrl,
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

    public MerchantFields withNotifyUrl(String value) {
        return new MerchantFields(
                name,
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

    public MerchantFields withLadder(Ladder value) {
        return new MerchantFields(
                name,
                notifyUrl,
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

    public MerchantFields withAcknowledge(Acknowledge value) {
        return new MerchantFields(
                name,
                notifyUrl,
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

    public MerchantFields withSigning(Signing value) {
        return new MerchantFields(
                name,
                notifyUrl,
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

    public MerchantFields withMaxInFlight(int value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withTimeout(Duration value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withRate(double value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withHeaders(Map<String, String> value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withSignatureHeader(String value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withSigningSecret(String value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
    public MerchantFields withPrivateKey(String value) {
        return new MerchantFields(
                name,
                notifyUrl,
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

    public MerchantFields withTls(ClientTls value) {
        return new MerchantFields(
                name,
                notifyUrl,
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
                .put("notify_url", notifyUrl)
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
        return "MerchantFields[" + name + "]";
    }
}
