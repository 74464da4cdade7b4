package dev.rung.crypto.dialect;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way of writing and signing a notification, such as Standard Webhooks or a payment platform's form. Thread-safe.
 *
 * <p>A dialect decides on the body, its content type and the headers that carry the signature. {@code webhook-id}, {@code webhook-timestamp} and the
 * {@code rung-*} headers go with every dialect.
 *
 * <p>A plugin names its implementations in {@code META-INF/services/dev.rung.crypto.dialect.SigningDialect}. Their receivers have a secret
 * ({@code whsec_…}), generated or imported.
 */
public interface SigningDialect {
    /** The value of a merchant's {@code signing}: {@code [a-z][a-z0-9-]{0,31}}, always the same. */
    String name();

    /** Why the dialect cannot carry a payload, continuing the field's name; empty if it can. Called before a notification is accepted. */
    Optional<String> check(byte[] payload);

    /**
     * Writes and signs a request.
     *
     * @throws IllegalArgumentException if {@link #check} rejects the payload
     * @throws IllegalStateException if no key is of the dialect's kind
     */
    Signed sign(Message message);

    /**
     * A notification to be signed.
     *
     * @param keys those that are valid, the newest first; a dialect with one signature signs with the last
     * @param signatureHeader the header that carries the signature, where the dialect leaves it to the merchant
     * @param content what the notification is, without its payload
     * @param payload JSON, as the producer wrote it
     * @param now the time of the signature, epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // the payload is passed on to the socket; never compared
    record Message(
            NotificationId id,
            List<? extends DialectKey> keys,
            String signatureHeader,
            Delivery.Content content,
            byte[] payload,
            long now) {}

    /**
     * A signed request.
     *
     * @param headers those that carry the signature: printable ASCII
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to the socket; never compared
    record Signed(String contentType, byte[] body, Map<String, String> headers) {}
}
