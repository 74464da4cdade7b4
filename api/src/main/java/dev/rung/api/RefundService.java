package dev.rung.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.RefundRequest;
import dev.rung.payments.flow.RefundResult;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.port.RefundStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;

/** Creates, reads and queries refunds that a caller may see. Used by the API and the console. Thread-safe. */
public final class RefundService {
    private final Payments flow;
    private final RefundStore store;
    private final PaymentService payments;
    private final RefundRequestReader reader;
    private final AuditRecorder audit;

    RefundService(
            Payments flow,
            RefundStore store,
            PaymentService payments,
            RefundRequestReader reader,
            AuditRecorder audit) {
        this.flow = flow;
        this.store = store;
        this.payments = payments;
        this.reader = reader;
        this.audit = audit;
    }

    /**
     * A refund that was asked for.
     *
     * @param isNew false if the same request was made before
     */
    public record Requested(Refund refund, boolean isNew) {}

    /**
     * Refunds a payment. Returns after the commit, within a second whatever the channel does.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Requested create(Caller caller, PaymentId id, FieldReader fields) {
        Payment payment = payments.find(caller, id);
        RefundRequest request = reader.read(fields, payment);
        // The number of an earlier refund decides alone: whatever has changed since, the answer to its repetition has
        // not.
        if (store.find(payment.order().merchantId(), request.outRefundNo()).isEmpty()) {
            check(request);
            // Before the refund: a crash must not leave one without an entry.
            audit.write(caller, "refund.create", payment.id().toString(), g -> {
                g.writeStartObject();
                g.writeStringProperty("out_refund_no", request.outRefundNo());
                g.writeStringProperty("amount", request.amount().text());
                g.writeEndObject();
            });
        }
        return switch (flow.refunds().request(request).toCompletableFuture().join()) {
            case RefundResult.Accepted(Refund refund) -> new Requested(refund, true);
            case RefundResult.Repeated(Refund first) -> new Requested(first, false);
            case RefundResult.Conflicting(Refund first) ->
                throw Problem.conflict(
                                "refund_number_used",
                                "The out_refund_no was used for another refund: " + first.id()
                                        + ". Use a new number, or repeat that request exactly.",
                                first.id().toString())
                        .asException();
            case RefundResult.Exceeding(Payment now) ->
                throw RefundRequestReader.exceeding(now).asException();
        };
    }

    private void check(RefundRequest request) {
        Payment payment = request.payment();
        RefundRequestReader.checkCurrency(request);
        String channel = payment.order().channel();
        if (!flow.refunds().isPossible(channel)) {
            throw Problem.invalid("amount", "no_refunds", "cannot be refunded: " + channel + " has no refunds", channel)
                    .asException();
        }
        if (request.amount().value() > payment.funds().refundable()) {
            throw RefundRequestReader.exceeding(payment).asException();
        }
    }

    /**
     * The refund.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Refund find(Caller caller, RefundId id) {
        return store.find(id)
                .filter(refund -> caller.sees(refund.terms().merchantId()))
                .orElseThrow(() -> unknown().asException());
    }

    /**
     * Queries the channel now.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Refund sync(Caller caller, RefundId id) {
        return flow.refunds()
                .sync(find(caller, id).id())
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("refund_not_found", "Refund not found.");
    }
}
