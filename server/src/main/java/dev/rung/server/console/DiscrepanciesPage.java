package dev.rung.server.console;

import dev.rung.payments.model.Discrepancy;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.server.api.Parts;
import dev.rung.server.http.Problem;
import java.util.HashMap;
import java.util.Map;

/** What needs a person, and how it was ended. */
final class DiscrepanciesPage {
    private static final int LIMIT = 50;

    private final PaymentStore store;
    private final Changes changes;

    DiscrepanciesPage(Parts parts, Changes changes) {
        this.store = parts.paymentStore();
        this.changes = changes;
    }

    /** {@code GET /discrepancies} */
    Reply show(Visit visit) {
        boolean all = visit.query().shown("state").equals("all");
        DiscrepancyId before;
        try {
            before = visit.query().text("before").map(DiscrepancyId::parse).orElse(null);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("before", "is no place in this list").asException();
        }
        Page<Discrepancy, DiscrepancyId> page = store.discrepancies(!all, before, LIMIT);
        DiscrepancyId next = page.next();
        Map<String, Object> model = new HashMap<>();
        model.put("all", all);
        model.put("found", page.items());
        model.put("next", next == null ? "" : next.toString());
        model.put("first", before == null);
        return Reply.html("discrepancies", model);
    }

    /** {@code POST /discrepancies/{id}/resolve} */
    Reply resolve(Visit visit) {
        String path = "/v1/discrepancies/" + Changes.step(visit.variable("id")) + "/resolve";
        Changes.Said said = changes.call(visit, "POST", path, g -> {
            g.writeStartObject();
            g.writeStringProperty("note", visit.form().shown("note"));
            g.writeEndObject();
        });
        return changes.then(visit, said, "/discrepancies?done=resolved");
    }
}
