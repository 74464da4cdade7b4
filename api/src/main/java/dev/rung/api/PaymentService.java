package dev.rung.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.Payments.Closing;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.Caller;
import dev.rung.web.Problem;

/** Reads, queries and closes payments that a caller may see. Used by the API and the console. Thread-safe. */
public final class PaymentService {
    private final Payments payments;
    private final PaymentStore store;
    private final AuditRecorder audit;

    PaymentService(Payments payments, PaymentStore store, AuditRecorder audit) {
        this.payments = payments;
        this.store = store;
        this.audit = audit;
    }

    /**
     * The payment.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Payment find(Caller caller, PaymentId id) {
        return store.find(id)
                .filter(p -> caller.sees(p.order().merchantId()))
                .orElseThrow(() -> unknown().asException());
    }

    /**
     * Queries the channel now.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Payment sync(Caller caller, PaymentId id) {
        return payments.sync(find(caller, id).id()).orElseThrow(() -> unknown().asException());
    }

    /**
     * Closes the payment, now or as soon as the channel allows it.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public Payment close(Caller caller, PaymentId id) {
        Closing closing = payments.close(find(caller, id).id());
        return switch (closing) {
            case Closing.Closed(Payment payment) -> closed(caller, payment);
            case Closing.Requested(Payment payment) -> closed(caller, payment);
            case Closing.AlreadyFinal(Payment payment) ->
                throw Problem.conflict(
                                "payment_final",
                                "The payment is " + payment.state().text()
                                        + "; only a payment that is not in a final state can be closed.",
                                payment.state().text())
                        .asException();
            case Closing.Unknown() -> throw unknown().asException();
        };
    }

    private Payment closed(Caller caller, Payment payment) {
        audit.write(caller, "payment.close", payment.id().toString());
        return payment;
    }

    private static Problem unknown() {
        return Problem.notFound("payment_not_found", "Payment not found.");
    }
}
