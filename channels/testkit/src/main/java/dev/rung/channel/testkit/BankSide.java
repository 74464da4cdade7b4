package dev.rung.channel.testkit;

import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.util.Map;
import java.util.Optional;

/** The bank and the payer of a test; the bank may be real or fake. Used by one thread. */
public interface BankSide extends AutoCloseable {
    /** The members of a channel account at this bank, without {@code type}. */
    Map<String, String> account();

    /** Pays the full amount of the order at {@code payUrl}. */
    void pay(Payment payment, String payUrl);

    /** The bank's callback for a paid order; waits for it if the bank sends it on its own schedule. */
    CallbackRequest callback(Payment payment);

    /** The same callback with a forged signature: built from public data, without the bank's key. */
    CallbackRequest forgedCallback(Payment payment);

    /** The bill of the orders paid so far; empty for banks without a bill format. */
    Optional<String> bill();

    /** Stops the bank: connections to it fail from now on. */
    void goAway();

    @Override
    void close();
}
