package dev.rung.server.api;

import dev.rung.payments.model.Discrepancy;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.server.http.Answer;
import dev.rung.server.http.Call;
import dev.rung.server.http.Errors;
import dev.rung.server.http.Fields;
import dev.rung.server.http.JsonWriter;
import dev.rung.server.http.Problem;
import dev.rung.server.http.Query;
import java.time.InstantSource;
import java.util.Optional;

/** What needs a person, and how the person ends it. */
final class DiscrepancyResource {
    private final PaymentStore store;
    private final Audit audit;
    private final InstantSource clock;

    DiscrepancyResource(Parts parts) {
        this.store = parts.paymentStore();
        this.audit = parts.audit();
        this.clock = parts.clock();
    }

    /** {@code GET /v1/discrepancies} */
    Answer list(Call call) {
        Errors errors = new Errors();
        Query query = call.query(errors);
        boolean openOnly = !Boolean.TRUE.equals(query.text("state", DiscrepancyResource::isAll));
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.DISCREPANCIES, text));
        query.refuseOthers();
        errors.check();
        Page<Discrepancy, DiscrepancyId> page =
                store.discrepancies(openOnly, before == null ? null : new DiscrepancyId(before), limit);
        DiscrepancyId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.DISCREPANCIES, next.value());
        return Answer.json(
                200,
                g -> JsonWriter.page(
                        g, cursor, items -> page.items().forEach(each -> PaymentWriter.discrepancy(items, each))));
    }

    private static boolean isAll(String state) {
        return switch (state) {
            case "all" -> true;
            case "open" -> false;
            default -> throw new IllegalArgumentException("is not one of open, all");
        };
    }

    /** {@code GET /v1/discrepancies/{id}} */
    Answer get(Call call) {
        return show(find(call));
    }

    /** {@code POST /v1/discrepancies/{id}/resolve} */
    Answer resolve(Call call) {
        Errors errors = new Errors();
        Fields fields = Fields.ofBody(call.body(), errors);
        String note = fields.text("note", Rules::note);
        fields.require("note");
        fields.refuseOthers();
        errors.check();
        DiscrepancyId id = find(call).id();
        Discrepancy.Resolution resolution =
                new Discrepancy.Resolution(String.valueOf(note), call.caller().actor(), clock.instant());
        if (!store.resolve(id, resolution)) {
            return Answer.problem(Problem.conflict("The discrepancy was resolved before."));
        }
        audit.write(call.caller(), "discrepancy.resolve", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("note", note);
            g.writeEndObject();
        });
        return show(find(call));
    }

    private static Answer show(Discrepancy discrepancy) {
        return Answer.json(200, g -> PaymentWriter.discrepancy(g, discrepancy));
    }

    private Discrepancy find(Call call) {
        return idOf(call)
                .flatMap(store::discrepancy)
                .orElseThrow(
                        () -> Problem.notFound("There is no such discrepancy.").asException());
    }

    private static Optional<DiscrepancyId> idOf(Call call) {
        try {
            return Optional.of(DiscrepancyId.parse(call.variable("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // what is no id is nobody's id
        }
    }
}
