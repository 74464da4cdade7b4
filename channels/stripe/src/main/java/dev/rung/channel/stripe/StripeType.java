package dev.rung.channel.stripe;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.channel.MemberChecks;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;

/** Stripe, for {@link java.util.ServiceLoader}. */
public final class StripeType implements ChannelType {
    static final String NAME = "stripe";

    private static final List<AccountMember> MEMBERS = List.of(
            AccountMember.secret("secret_key", "the secret or restricted key: sk_… or rk_…")
                    .asRequired()
                    .checkedBy(StripeType::secretKey),
            AccountMember.secret("webhook_secret", "the signing secret of the webhook endpoint: whsec_…")
                    .asRequired()
                    .checkedBy(StripeType::webhookSecret),
            AccountMember.text("gateway", "URL", "URL of Stripe's API")
                    .defaultingTo("https://api.stripe.com")
                    .checkedBy(MemberChecks::webAddress));

    private static void secretKey(String text) {
        if (!text.strip().matches("(sk|rk)_[A-Za-z0-9_]{8,250}")) {
            throw new IllegalArgumentException("is not a key that begins with sk_ or rk_");
        }
    }

    private static void webhookSecret(String text) {
        if (!text.strip().matches("whsec_[A-Za-z0-9+/=_-]{8,250}")) {
            throw new IllegalArgumentException("is not a signing secret that begins with whsec_");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Stripe";
    }

    @Override
    public List<AccountMember> members() {
        return MEMBERS;
    }

    @Override
    public List<PaymentMethod> methods() {
        return List.of(PaymentMethod.PAGE, PaymentMethod.WAP);
    }

    @Override
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        return new StripeChannel(
                StripeAccount.of(account), context::callbackUrl, GatewayClient.outbound(context), context.clock());
    }
}
