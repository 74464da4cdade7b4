package dev.rung.payments.channel;

/** Implemented by a {@link dev.rung.payments.port.PaymentChannel} whose bills can be fetched. */
public interface BilledChannel {
    /** The bills of the account. */
    ChannelBills bills();
}
