package dev.rung.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.RefundRequest;
import dev.rung.payments.flow.RefundResult;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.util.Optional;

/** Creates, reads and queries refunds. */
final class RefundResource {
    private final Payments flow;
    private final RefundStore store;
    private final PaymentResource payments;
    private final RefundRequestReader reader;
    private final AuditRecorder audit;

    RefundResource(ApiDependencies parts, PaymentResource payments) {
        this.flow = parts.payments();
        this.store = parts.refundStore();
        this.payments = payments;
        this.reader = new RefundRequestReader(parts.urls());
        this.audit = parts.audit();
    }

    /** {@code POST /v1/payments/{id}/refunds}: responds after the commit, within a second whatever the channel does. */
    ApiResponse create(ApiRequest call) {
        Payment payment = payments.find(call);
        RefundRequest request = reader.read(call.body(), payment);
        if (!flow.refunds().isPossible(payment.order().channel())) {
            throw Problem.invalid(
                            "amount", "cannot be refunded: " + payment.order().channel() + " has no refunds")
                    .asException();
        }
        return switch (flow.refunds().request(request).toCompletableFuture().join()) {
            case RefundResult.Accepted(Refund refund) -> {
                audit.write(call.caller(), "refund.create", refund.id().toString(), g -> {
                    g.writeStartObject();
                    g.writeStringProperty("payment_id", payment.id().toString());
                    g.writeStringProperty("amount", refund.terms().amount().text());
                    g.writeEndObject();
                });
                yield show(201, refund);
            }
            case RefundResult.Repeated(Refund first) -> show(200, first);
            case RefundResult.Conflicting(Refund first) ->
                ApiResponse.problem(Problem.conflict("The out_refund_no was used for another refund: " + first.id()
                        + ". Use a new number, or repeat that request exactly."));
            case RefundResult.Exceeding(Payment now) ->
                ApiResponse.problem(Problem.invalid("amount", RefundRequestReader.exceeding(now)));
        };
    }

    private static ApiResponse show(int status, Refund refund) {
        return ApiResponse.json(status, g -> PaymentJson.refund(g, refund));
    }

    /** {@code GET /v1/payments/{id}/refunds} */
    ApiResponse list(ApiRequest call) {
        Payment payment = payments.find(call);
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.REFUNDS, text));
        query.refuseOthers();
        errors.check();
        Page<Refund, RefundId> page = store.list(payment.id(), before == null ? null : new RefundId(before), limit);
        RefundId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.REFUNDS, next.value());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(
                        g, cursor, items -> page.items().forEach(each -> PaymentJson.refund(items, each))));
    }

    /** {@code GET /v1/refunds/{id}} */
    ApiResponse get(ApiRequest call) {
        return show(200, find(call));
    }

    /** {@code POST /v1/refunds/{id}/sync} */
    ApiResponse sync(ApiRequest call) {
        ResendResource.refuseFields(call);
        return show(
                200,
                flow.refunds().sync(find(call).id()).orElseThrow(() -> unknown().asException()));
    }

    private Refund find(ApiRequest call) {
        return idOf(call)
                .flatMap(store::find)
                .filter(refund -> call.caller().sees(refund.terms().merchantId()))
                .orElseThrow(() -> unknown().asException());
    }

    private static Optional<RefundId> idOf(ApiRequest call) {
        try {
            return Optional.of(RefundId.parse(call.variable("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an invalid id does not exist
        }
    }

    private static Problem unknown() {
        return Problem.notFound("Refund not found.");
    }
}
