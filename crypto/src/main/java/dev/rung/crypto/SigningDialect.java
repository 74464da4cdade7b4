package dev.rung.crypto;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import java.util.Map;
import java.util.Optional;

/**
 * One way of writing and signing a notification, such as Standard Webhooks or a payment platform's form. Thread-safe.
 *
 * <p>A dialect decides on the body, its content type and the headers that carry the signature. {@code webhook-id}, {@code webhook-timestamp} and the
 * {@code rung-*} headers go with every dialect.
 */
public interface SigningDialect {
    /** The value of a merchant's {@code signing}. */
    String name();

    /** Why the dialect cannot carry a payload, continuing the field's name; empty if it can. Called before a notification is accepted. */
    Optional<String> check(byte[] payload);

    /**
     * Writes and signs a request. A dialect with one signature signs with the oldest key that is still valid.
     *
     * @throws IllegalArgumentException if {@link #check} rejects the payload
     * @throws IllegalStateException if the keys cannot be opened
     */
    Signed sign(Message message);

    /**
     * A notification to be signed.
     *
     * @param owner of the keys
     * @param signatureHeader the header that carries the signature, where the dialect leaves it to the merchant
     * @param now the time of the signature, epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // the payload is passed on to the socket; never compared
    record Message(
            NotificationId id,
            ReceiverId owner,
            Receiver.Keys keys,
            String signatureHeader,
            Delivery.Content content,
            byte[] payload,
            long now) {}

    /**
     * A signed request.
     *
     * @param headers those that carry the signature
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on to the socket; never compared
    record Signed(String contentType, byte[] body, Map<String, String> headers) {}
}
