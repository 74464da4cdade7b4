package dev.rung.crypto;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.ReceiverId;
import java.security.SecureRandom;
import java.util.Base64;

/** What the tests of signing share. */
final class Signers {
    static final SecureRandom RANDOM = new SecureRandom();
    static final ReceiverId MERCHANT = ReceiverId.own(new MerchantId(42));

    private Signers() {}

    static SigningKeys keys() {
        String master = Base64.getEncoder().encodeToString(new byte[32]);
        return new SigningKeys(new Vault(MasterKey.ofBase64(master), RANDOM), RANDOM);
    }
}
