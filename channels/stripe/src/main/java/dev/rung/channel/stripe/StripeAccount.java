package dev.rung.channel.stripe;

import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.MemberChecks;
import java.net.URI;

/**
 * An account at Stripe. {@code toString} contains no keys.
 *
 * @param name the channel account's name
 * @param webhookSecret signs webhooks, with its prefix
 */
record StripeAccount(String name, String secretKey, String webhookSecret, URI gateway) {
    static StripeAccount of(ChannelAccount account) {
        return new StripeAccount(
                account.name(),
                account.get("secret_key").strip(),
                account.get("webhook_secret").strip(),
                MemberChecks.webAddress(account.get("gateway")));
    }

    @Override
    public String toString() {
        return "StripeAccount[" + name + " at " + gateway + "]";
    }
}
