package dev.rung.api;

import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.web.JsonWriter;
import dev.rung.web.QueryParameters;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists what waits for another person's approval. */
@RestController
final class ApprovalController {
    private final ApprovalStore store;

    ApprovalController(ApprovalStore store) {
        this.store = store;
    }

    @GetMapping("/v1/approvals")
    JsonWriter.Content list(QueryParameters query) {
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.APPROVALS, text));
        query.finish();
        Page<WaitingApproval, Long> page = store.waiting(before, limit);
        Long next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.APPROVALS, next);
        return g -> JsonWriter.page(
                g, cursor, items -> page.items().forEach(each -> PaymentJson.waitingApproval(items, each)));
    }
}
