package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.PaymentRequest;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.Payments.Closing;
import dev.rung.payments.flow.PlaceResult;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import dev.rung.web.Timestamps;
import java.util.Optional;

/** Creates, reads, queries and closes payments. */
final class PaymentResource {
    private final Payments payments;
    private final PaymentStore store;
    private final PaymentRequestReader reader;
    private final MerchantCache directory;
    private final AuditRecorder audit;

    PaymentResource(ApiDependencies parts) {
        this.payments = parts.payments();
        this.store = parts.paymentStore();
        this.directory = parts.directory();
        this.reader = new PaymentRequestReader(parts.directory(), parts.urls(), parts.payments());
        this.audit = parts.audit();
    }

    /** {@code POST /v1/payments}: responds after the commit, within a second whatever the channel does. */
    ApiResponse create(ApiRequest call) {
        PaymentRequest request = reader.read(call.body());
        return switch (payments.place(request).toCompletableFuture().join()) {
            case PlaceResult.Accepted(Payment payment) -> show(201, payment);
            case PlaceResult.Repeated(Payment first) -> show(200, first);
            case PlaceResult.Conflicting(Payment first) ->
                ApiResponse.problem(Problem.conflict("The out_trade_no was used for another payment: " + first.id()
                        + ". Use a new number, or repeat that request exactly."));
        };
    }

    private ApiResponse show(int status, Payment payment) {
        return ApiResponse.json(status, g -> PaymentJson.payment(g, payment, directory));
    }

    /** {@code GET /v1/payments/{id}} */
    ApiResponse get(ApiRequest call) {
        return show(200, find(call));
    }

    /**
     * The payment of the path, if the caller may see it.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Payment find(ApiRequest call) {
        return idOf(call)
                .flatMap(store::find)
                .filter(p -> call.caller().sees(p.order().merchantId()))
                .orElseThrow(() -> unknown().asException());
    }

    private static Optional<PaymentId> idOf(ApiRequest call) {
        try {
            return Optional.of(PaymentId.parse(call.variable("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an invalid id does not exist
        }
    }

    private static Problem unknown() {
        return Problem.notFound("Payment not found.");
    }

    /** {@code GET /v1/payments} */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        PaymentFilter filter = new PaymentFilter(
                merchant == null ? call.caller().merchantOrNull() : merchant,
                query.text("out_trade_no", FieldValidators::orderNo),
                query.text("channel"),
                query.text("state", text -> CodedEnum.ofText(PaymentState.class, text)),
                query.text("paid_from", Timestamps::parse),
                query.text("paid_to", Timestamps::parse));
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        Cursors.Kind order =
                filter.isByTimeOfPayment() ? Cursors.Kind.PAYMENTS_BY_TIME_OF_PAYMENT : Cursors.Kind.PAYMENTS;
        Long before = query.text("cursor", text -> Cursors.number(order, text));
        query.refuseOthers();
        errors.check();
        if (merchant != null && !call.caller().sees(merchant)) {
            throw MerchantsResource.unknown().asException();
        }
        Page<Payment, PaymentId> page = store.list(filter, before == null ? null : new PaymentId(before), limit);
        PaymentId next = page.next();
        String cursor = next == null ? null : Cursors.of(order, next.value());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(
                        g, cursor, items -> page.items().forEach(each -> PaymentJson.payment(items, each, directory))));
    }

    /** {@code POST /v1/payments/{id}/sync} */
    ApiResponse sync(ApiRequest call) {
        ResendResource.refuseFields(call);
        return show(
                200, payments.sync(find(call).id()).orElseThrow(() -> unknown().asException()));
    }

    /** {@code POST /v1/payments/{id}/close} */
    ApiResponse close(ApiRequest call) {
        ResendResource.refuseFields(call);
        PaymentId id = find(call).id();
        Closing closing = payments.close(id);
        audit.write(call.caller(), "payment.close", id.toString());
        return switch (closing) {
            case Closing.Closed(Payment payment) -> show(200, payment);
            case Closing.Requested(Payment payment) -> show(200, payment);
            case Closing.AlreadyFinal(Payment payment) ->
                ApiResponse.problem(Problem.conflict("The payment is "
                        + payment.state().text() + "; only a payment that is not in a final state can be closed."));
            case Closing.Unknown() -> ApiResponse.problem(unknown());
        };
    }
}
