package dev.rung.payments.port;

/**
 * Every sentence of {@link PaymentStore}'s Javadoc as tests. An implementation's test class implements this interface: it says what {@link
 * #payments()} is and which notifications share its database, empty at each test's beginning.
 */
public interface PaymentStoreContract
        extends ApprovalContract,
                CreatePaymentContract,
                ChangeContract,
                CallbackContract,
                DiscrepancyContract,
                ListContract,
                PaymentPurgeContract,
                RefundContract {}
