package dev.rung.channel.stripe;

import dev.rung.channel.testkit.BankSide;
import dev.rung.channel.testkit.ChannelContract;
import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

class StripeContractTest extends ChannelContract {
    @Override
    protected ChannelType type() {
        return new StripeType();
    }

    @Override
    protected String currency() {
        return "USD";
    }

    @Override
    protected BankSide bank(ChannelTestServer server) {
        return new Bank();
    }

    private static final class Bank implements BankSide {
        private final FakeStripe stripe = new FakeStripe();

        @Override
        public Map<String, String> account() {
            return stripe.members();
        }

        @Override
        public void pay(Payment payment, String payUrl) {
            stripe.pay(payment.id().toString());
        }

        private CallbackRequest webhook(Payment payment, String secret) {
            return FakeStripe.webhook(
                    FakeStripe.event(
                            "checkout.session.completed",
                            stripe.session(payment.id().toString())),
                    secret,
                    Instant.now().getEpochSecond());
        }

        @Override
        public CallbackRequest callback(Payment payment) {
            return webhook(payment, FakeStripe.SECRET);
        }

        @Override
        public CallbackRequest forgedCallback(Payment payment) {
            return webhook(payment, "whsec_of_someone_else");
        }

        @Override
        public Optional<String> bill() {
            return Optional.empty();
        }

        @Override
        public void goAway() {
            stripe.close();
        }

        @Override
        public void close() {
            stripe.close();
        }
    }
}
