package dev.rung.crypto;

import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.DialectKey;
import dev.rung.crypto.dialect.SigningDialect;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The payload as JSON, with the HMAC-SHA256 of its bytes in lower-case hexadecimal in a header of the merchant's choice. Thread-safe. */
final class HmacHexSigner implements SigningDialect {
    @Override
    public String name() {
        return Signing.HMAC_HEX.text();
    }

    @Override
    public Optional<String> check(byte[] payload) {
        return Optional.empty();
    }

    @Override
    public Signed sign(Message m) {
        byte[] signature = oldest(m.keys(), name()).sign(m.payload());
        return new Signed(
                "application/json",
                m.payload(),
                Map.of(m.signatureHeader(), HexFormat.of().formatHex(signature)));
    }

    /** The oldest key of those that are valid, newest first. */
    static SigningKey.Hmac oldest(List<? extends DialectKey> valid, String dialect) {
        for (DialectKey key : valid.reversed()) {
            if (key instanceof SigningKey.Hmac hmac) {
                return hmac;
            }
        }
        throw new IllegalStateException("the merchant's signing is " + dialect + ", but its key is of another kind");
    }
}
