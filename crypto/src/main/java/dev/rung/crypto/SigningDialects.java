package dev.rung.crypto;

import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The dialects, by the merchants' signing. Thread-safe. */
public final class SigningDialects {
    private final Map<Signing, SigningDialect> dialects = new EnumMap<>(Signing.class);

    public SigningDialects(SigningKeys keys) {
        StandardWebhooksSigner webhooks = new StandardWebhooksSigner(keys);
        dialects.put(Signing.HMAC, webhooks);
        dialects.put(Signing.ED25519, webhooks);
        dialects.put(Signing.RSA2_FORM, new Rsa2FormSigner(keys));
        dialects.put(Signing.MD5_FORM, new Md5FormSigner(keys));
        dialects.put(Signing.HMAC_HEX, new HmacHexSigner(keys));
    }

    /** The dialect of a merchant. */
    public SigningDialect of(Signing signing) {
        return Objects.requireNonNull(dialects.get(signing), "every signing has a dialect");
    }

    /** Why a receiver's dialect cannot carry a payload, continuing the field's name; empty if it can. */
    public Optional<String> check(Receiver receiver, byte[] payload) {
        return of(receiver.keys().signing()).check(payload);
    }
}
