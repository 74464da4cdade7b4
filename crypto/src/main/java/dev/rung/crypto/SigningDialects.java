package dev.rung.crypto;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.SigningDialect;
import dev.rung.crypto.dialect.SigningDialect.Message;
import dev.rung.crypto.dialect.SigningDialect.Signed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dialects, by the receivers' signing: those of this server, and those of plugins. Thread-safe. */
public final class SigningDialects {
    private final SigningKeys keys;
    private final Map<Signing, SigningDialect> dialects = new LinkedHashMap<>();

    /** The dialects of this server. */
    public SigningDialects(SigningKeys keys) {
        this(keys, List.of());
    }

    /**
     * The dialects of this server and further ones.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public SigningDialects(SigningKeys keys, List<SigningDialect> more) {
        this.keys = keys;
        StandardWebhooksSigner webhooks = new StandardWebhooksSigner();
        dialects.put(Signing.HMAC, webhooks);
        dialects.put(Signing.ED25519, webhooks);
        dialects.put(Signing.RSA2_FORM, new Rsa2FormSigner());
        dialects.put(Signing.MD5_FORM, new Md5FormSigner());
        dialects.put(Signing.HMAC_HEX, new HmacHexSigner());
        for (SigningDialect dialect : more) {
            if (dialects.putIfAbsent(new Signing(dialect.name()), dialect) != null) {
                throw new IllegalArgumentException("the dialect \"" + dialect.name() + "\" already exists");
            }
        }
    }

    /** Every signing that a receiver can have, those of this server first. */
    public List<Signing> all() {
        return List.copyOf(dialects.keySet());
    }

    /** The signing with this name; empty if there is none. */
    public Optional<Signing> find(String name) {
        Signing signing = new Signing(name);
        return dialects.containsKey(signing) ? Optional.of(signing) : Optional.empty();
    }

    /** Why a receiver's dialect cannot carry a payload, continuing the field's name; empty if it can. */
    public Optional<String> check(Receiver receiver, byte[] payload) {
        Signing signing = receiver.keys().signing();
        SigningDialect dialect = dialects.get(signing);
        return dialect == null
                ? Optional.of("cannot be signed: the server has no dialect " + signing.text())
                : dialect.check(payload);
    }

    /**
     * Writes and signs a request in the receiver's dialect.
     *
     * @param owner of the receiver's keys
     * @param now the time of the signature, epoch milliseconds
     * @throws IllegalArgumentException if the dialect cannot carry the payload
     * @throws IllegalStateException if the keys cannot be opened, or no plugin brings the dialect
     */
    public Signed sign(
            ReceiverId owner,
            Receiver receiver,
            NotificationId id,
            Delivery.Content content,
            byte[] payload,
            long now) {
        Signing signing = receiver.keys().signing();
        SigningDialect dialect = dialects.get(signing);
        if (dialect == null) {
            throw new IllegalStateException("the server has no dialect " + signing.text());
        }
        return dialect.sign(new Message(
                id, keys.at(owner, receiver.keys(), now), receiver.signatureHeaderOrDefault(), content, payload, now));
    }
}
