package dev.rung.api;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.QueryParameters;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Creates, reads and queries refunds. */
@RestController
final class RefundController {
    private final RefundService refunds;
    private final PaymentService payments;
    private final RefundStore store;

    RefundController(RefundService refunds, PaymentService payments, RefundStore store) {
        this.refunds = refunds;
        this.payments = payments;
        this.store = store;
    }

    /** Responds after the commit, within a second whatever the channel does. */
    @PostMapping("/v1/payments/{id}/refunds")
    ResponseEntity<JsonWriter.Content> create(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, FieldReader fields) {
        RefundService.Requested requested = refunds.create(caller, id, fields);
        return ResponseEntity.status(requested.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(shown(requested.refund()));
    }

    private static JsonWriter.Content shown(Refund refund) {
        return g -> PaymentJson.refund(g, refund);
    }

    @GetMapping("/v1/payments/{id}/refunds")
    JsonWriter.Content list(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, QueryParameters query) {
        Payment payment = payments.find(caller, id);
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.REFUNDS, text));
        query.finish();
        Page<Refund, RefundId> page = store.list(payment.id(), before == null ? null : new RefundId(before), limit);
        RefundId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.REFUNDS, next.value());
        return g -> JsonWriter.page(g, cursor, items -> page.items().forEach(each -> PaymentJson.refund(items, each)));
    }

    @GetMapping("/v1/refunds/{id}")
    JsonWriter.Content get(@AuthenticationPrincipal Caller caller, @PathVariable RefundId id) {
        return shown(refunds.find(caller, id));
    }

    @PostMapping("/v1/refunds/{id}/approve")
    JsonWriter.Content approve(
            @AuthenticationPrincipal Caller caller, @PathVariable RefundId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(refunds.approve(caller, id));
    }

    @PostMapping("/v1/refunds/{id}/reject")
    JsonWriter.Content reject(
            @AuthenticationPrincipal Caller caller, @PathVariable RefundId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(refunds.reject(caller, id));
    }

    @PostMapping("/v1/refunds/{id}/sync")
    JsonWriter.Content sync(
            @AuthenticationPrincipal Caller caller, @PathVariable RefundId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(refunds.sync(caller, id));
    }
}
