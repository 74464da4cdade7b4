package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.PaymentRequest;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.PlaceResult;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import dev.rung.web.RequestTrace;
import dev.rung.web.Timestamps;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Creates, reads, queries and closes payments. */
@RestController
@RequestMapping("/v1/payments")
final class PaymentController {
    private final Payments payments;
    private final PaymentService service;
    private final PaymentStore store;
    private final PaymentRequestReader reader;
    private final MerchantCache merchantCache;

    PaymentController(
            Payments payments,
            PaymentService service,
            PaymentStore store,
            PaymentRequestReader reader,
            MerchantCache merchantCache) {
        this.payments = payments;
        this.service = service;
        this.store = store;
        this.reader = reader;
        this.merchantCache = merchantCache;
    }

    /** Responds after the commit: within a second whatever the channel does, for a barcode payment within 5 s. */
    @PostMapping
    ResponseEntity<JsonWriter.Content> create(FieldReader fields, HttpServletRequest from) {
        PaymentRequest request = reader.read(fields, from.getRemoteAddr()).withTrace(RequestTrace.of(from));
        return switch (payments.place(request).toCompletableFuture().join()) {
            case PlaceResult.Accepted(Payment payment) ->
                ResponseEntity.status(HttpStatus.CREATED).body(shown(payment));
            case PlaceResult.Repeated(Payment first) -> ResponseEntity.ok(shown(first));
            case PlaceResult.Conflicting(Payment first) ->
                throw Problem.conflict(
                                "number_used",
                                "The out_trade_no was used for another payment: " + first.id()
                                        + ". Use a new number, or repeat that request exactly.",
                                first.id().toString())
                        .asException();
        };
    }

    private JsonWriter.Content shown(Payment payment) {
        return g -> PaymentJson.payment(g, payment, merchantCache);
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id) {
        return shown(service.find(caller, id));
    }

    @GetMapping
    JsonWriter.Content list(@AuthenticationPrincipal Caller caller, QueryParameters query) {
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        PaymentFilter filter = new PaymentFilter(
                merchant == null ? caller.merchant() : merchant,
                query.text("out_trade_no", FieldValidators::orderNo),
                query.text("channel"),
                query.text("state", text -> CodedEnum.ofText(PaymentState.class, text)),
                query.text("paid_from", Timestamps::parse),
                query.text("paid_to", Timestamps::parse),
                query.text("channel_trade_no"),
                query.text("attach"));
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Cursors.Kind order =
                filter.isByTimeOfPayment() ? Cursors.Kind.PAYMENTS_BY_TIME_OF_PAYMENT : Cursors.Kind.PAYMENTS;
        Long before = query.text("cursor", text -> Cursors.number(order, text));
        query.finish();
        NotificationService.checkVisible(caller, merchant);
        Page<Payment, PaymentId> page = store.list(filter, before == null ? null : new PaymentId(before), limit);
        PaymentId next = page.next();
        String cursor = next == null ? null : Cursors.of(order, next.value());
        return g -> JsonWriter.page(
                g, cursor, items -> page.items().forEach(each -> PaymentJson.payment(items, each, merchantCache)));
    }

    @PostMapping("/{id}/sync")
    JsonWriter.Content sync(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(service.sync(caller, id));
    }

    @PostMapping("/{id}/close")
    JsonWriter.Content close(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(service.close(caller, id));
    }
}
