package dev.rung.channel.testkit;

import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.util.Map;
import java.util.Optional;

/** The bank of a test, real or fake, and its payer. A test uses one from one thread. */
public interface BankSide extends AutoCloseable {
    /** The members of an account at this bank, without {@code type}. */
    Map<String, String> account();

    /** The payer pays the whole amount of an order that was placed at {@code payUrl}. */
    void pay(Payment payment, String payUrl);

    /** What the bank sends to the callback URL for an order that is paid; waits for it where the bank sends it by itself. */
    CallbackRequest callback(Payment payment);

    /** The same as somebody would send it who has every public part of it, but not the bank's key. */
    CallbackRequest forgedCallback(Payment payment);

    /** The bill with the orders paid so far; empty for banks without a format of their own. */
    Optional<String> bill();

    /** From now on nothing answers where the bank was. */
    void goAway();

    @Override
    void close();
}
