package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import java.util.Optional;

/** Seals the authorizations that merchants give to a service provider at Alipay. Thread-safe. */
public final class AppAuthTokens {
    private final Vault vault;

    public AppAuthTokens(Vault vault) {
        this.vault = vault;
    }

    /** Seals a merchant's {@code app_auth_token}. */
    public byte[] seal(MerchantId merchant, String token) {
        return vault.seal(owner(merchant), token.getBytes(US_ASCII));
    }

    /** The merchant's {@code app_auth_token}, if it has one. */
    public Optional<String> open(Merchant merchant) {
        return Optional.ofNullable(merchant.atChannels().appAuthToken())
                .map(token -> new String(vault.open(owner(merchant.id()), token), US_ASCII));
    }

    Merchant reseal(Merchant merchant) {
        Merchant.AtChannels known = merchant.atChannels();
        byte[] sealed = known.appAuthToken();
        return sealed == null
                ? merchant
                : merchant.withAtChannels(new Merchant.AtChannels(
                        known.subMchid(), known.subAppid(), vault.reseal(owner(merchant.id()), sealed)));
    }

    private static String owner(MerchantId merchant) {
        return "app_auth_token of " + merchant;
    }
}
