package dev.rung.api;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.time.InstantSource;
import java.util.Optional;

/** Lists and resolves discrepancies. */
final class DiscrepancyResource {
    private final PaymentStore store;
    private final AuditRecorder audit;
    private final InstantSource clock;

    DiscrepancyResource(ApiDependencies parts) {
        this.store = parts.paymentStore();
        this.audit = parts.audit();
        this.clock = parts.clock();
    }

    /** {@code GET /v1/discrepancies} */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        boolean openOnly = !Boolean.TRUE.equals(query.text("state", DiscrepancyResource::isAll));
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.DISCREPANCIES, text));
        query.refuseOthers();
        errors.check();
        Page<StoredDiscrepancy, DiscrepancyId> page =
                store.discrepancies(openOnly, before == null ? null : new DiscrepancyId(before), limit);
        DiscrepancyId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.DISCREPANCIES, next.value());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(
                        g, cursor, items -> page.items().forEach(each -> PaymentJson.discrepancy(items, each))));
    }

    private static boolean isAll(String state) {
        return switch (state) {
            case "all" -> true;
            case "open" -> false;
            default -> throw new IllegalArgumentException("is not one of open, all");
        };
    }

    /** {@code GET /v1/discrepancies/{id}} */
    ApiResponse get(ApiRequest call) {
        return show(find(call));
    }

    /** {@code POST /v1/discrepancies/{id}/resolve} */
    ApiResponse resolve(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofBody(call.body(), errors);
        String note = fields.text("note", FieldValidators::note);
        fields.require("note");
        fields.refuseOthers();
        errors.check();
        DiscrepancyId id = find(call).id();
        StoredDiscrepancy.Resolution resolution = new StoredDiscrepancy.Resolution(
                String.valueOf(note), call.caller().actor(), clock.instant());
        if (!store.resolve(id, resolution)) {
            return ApiResponse.problem(Problem.conflict("The discrepancy is already resolved."));
        }
        audit.write(call.caller(), "discrepancy.resolve", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("note", note);
            g.writeEndObject();
        });
        return show(find(call));
    }

    private static ApiResponse show(StoredDiscrepancy discrepancy) {
        return ApiResponse.json(200, g -> PaymentJson.discrepancy(g, discrepancy));
    }

    private StoredDiscrepancy find(ApiRequest call) {
        return idOf(call)
                .flatMap(store::discrepancy)
                .orElseThrow(() -> Problem.notFound("Discrepancy not found.").asException());
    }

    private static Optional<DiscrepancyId> idOf(ApiRequest call) {
        try {
            return Optional.of(DiscrepancyId.parse(call.variable("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an invalid id does not exist
        }
    }
}
