package dev.rung.api;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.time.InstantSource;

/** Reads and resolves discrepancies. Used by the API and the console. Thread-safe. */
public final class DiscrepancyService {
    private final PaymentStore store;
    private final AuditRecorder audit;
    private final InstantSource clock;

    DiscrepancyService(PaymentStore store, AuditRecorder audit, InstantSource clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * The discrepancy.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    StoredDiscrepancy find(DiscrepancyId id) {
        return store.discrepancy(id)
                .orElseThrow(() -> Problem.notFound("discrepancy_not_found", "Discrepancy not found.")
                        .asException());
    }

    /**
     * Resolves it with a note.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public StoredDiscrepancy resolve(Caller caller, DiscrepancyId id, FieldReader fields) {
        String note = fields.text("note", FieldValidators::note);
        fields.require("note");
        fields.finish();
        find(id);
        StoredDiscrepancy.Resolution resolution =
                new StoredDiscrepancy.Resolution(String.valueOf(note), caller.name(), clock.instant());
        if (!store.resolve(id, resolution)) {
            throw Problem.conflict("already_resolved", "The discrepancy is already resolved.")
                    .asException();
        }
        audit.write(caller, "discrepancy.resolve", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("note", note);
            g.writeEndObject();
        });
        return find(id);
    }
}
