package dev.rung.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.RefundRequest;
import dev.rung.payments.flow.RefundResult;
import dev.rung.payments.flow.Refunds;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundLimits;
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
    private final RefundLimits limits;
    private final AuditRecorder audit;

    RefundService(
            Payments flow,
            RefundStore store,
            PaymentService payments,
            RefundRequestReader reader,
            RefundLimits limits,
            AuditRecorder audit) {
        this.flow = flow;
        this.store = store;
        this.payments = payments;
        this.reader = reader;
        this.limits = limits;
        this.audit = audit;
    }

    /**
     * A refund that was asked for.
     *
     * @param isNew false if the same request was made before
     */
    public record Requested(Refund refund, boolean isNew) {}

    /**
     * Refunds a payment. Returns after the commit, within a second whatever the channel does. Above the limit the channel is not asked until
     * another person approves.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Requested create(Caller caller, PaymentId id, FieldReader fields) {
        Payment payment = payments.find(caller, id);
        RefundRequest asked = reader.read(fields, payment);
        RefundRequest request = limits.isExceededBy(asked.amount())
                ? asked.withApproval(Approval.requested(new Approver(caller.name(), caller.id())))
                : asked;
        // A repeated number gets the answer of the first request, whatever has changed since.
        if (store.find(payment.order().merchantId(), request.outRefundNo()).isEmpty()) {
            check(request);
            // Before the refund: a crash must not leave one without an entry.
            audit.write(caller, "refund.create", payment.id().toString(), g -> {
                g.writeStartObject();
                g.writeStringProperty("out_refund_no", request.outRefundNo());
                g.writeStringProperty("amount", request.amount().text());
                if (request.approval() != null) {
                    g.writeBooleanProperty("waits_for_approval", true);
                }
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
     * Approves a refund that another person asked for; the channel is asked at once.
     *
     * @throws dev.rung.web.ProblemException 403, 404 or 409
     */
    public Refund approve(Caller caller, RefundId id) {
        Refund refund = waiting(caller, id);
        if (refund.approval() != null && caller.id().equals(refund.approval().requestedById())) {
            throw samePerson().asException();
        }
        record(caller, "refund.approve", refund);
        return result(flow.refunds().approve(id, new Approver(caller.name(), caller.id())));
    }

    /**
     * Rejects a refund that waits for approval: it has failed.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public Refund reject(Caller caller, RefundId id) {
        record(caller, "refund.reject", waiting(caller, id));
        return result(flow.refunds().decline(id, new Approver(caller.name(), caller.id())));
    }

    /** Before the change, like every entry about money. */
    private void record(Caller caller, String action, Refund refund) {
        audit.write(caller, action, refund.id().toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("amount", refund.terms().amount().text());
            g.writeEndObject();
        });
    }

    private Refund waiting(Caller caller, RefundId id) {
        Refund refund = find(caller, id);
        if (!refund.isWaitingForApproval()) {
            throw nothingWaits().asException();
        }
        return refund;
    }

    private static Refund result(Refunds.Approving approving) {
        return switch (approving) {
            case Refunds.Approving.Done(Refund refund) -> refund;
            case Refunds.Approving.NotWaiting(Refund refund) ->
                throw nothingWaits().asException();
            case Refunds.Approving.SamePerson() -> throw samePerson().asException();
            case Refunds.Approving.Unknown() -> throw unknown().asException();
        };
    }

    private static Problem nothingWaits() {
        return Problem.conflict("no_approval_waiting", "Nothing waits for approval.");
    }

    static Problem samePerson() {
        return Problem.forbidden("second_person_needed", "A person other than the requester must approve it.");
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
