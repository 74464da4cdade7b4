package dev.rung.api;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.flow.DiscrepancySettlement;
import dev.rung.payments.flow.DiscrepancySettlement.Proof;
import dev.rung.payments.flow.DiscrepancySettlement.Settling;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.RefundLimits;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.StoredDiscrepancy.Resolution;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads and resolves discrepancies. Used by the API and the console. Thread-safe. */
public final class DiscrepancyService {
    /** Discrepancies that one page of a filtered list reads. */
    private static final int SCANNED = 1_000;

    private static final int RESOLVED_MAX = 10_000;

    private final PaymentStore store;
    private final DiscrepancySettlement settlement;
    private final RefundLimits limits;
    private final AuditRecorder audit;
    private final InstantSource clock;

    DiscrepancyService(
            PaymentStore store, Payments payments, RefundLimits limits, AuditRecorder audit, InstantSource clock) {
        this.store = store;
        this.settlement = payments.settlement();
        this.limits = limits;
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

    /** A page of those that the filter includes, newest first; it may be shorter than the limit. */
    Page<StoredDiscrepancy, DiscrepancyId> list(
            DiscrepancyFilter filter, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        PaymentId payment = filter.payment();
        Page<StoredDiscrepancy, DiscrepancyId> scanned = payment == null
                ? store.discrepancies(openOnly, before, SCANNED)
                : store.discrepancies(payment, openOnly, before, SCANNED);
        List<StoredDiscrepancy> found =
                scanned.items().stream().filter(filter::includes).toList();
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), found.get(limit - 1).id())
                : new Page<>(found, scanned.next());
    }

    /**
     * Resolves it with a note; with {@code accept}, by the state that the channel confirms. Above the limit that waits for another person's approval, and the
     * discrepancy stays open.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public StoredDiscrepancy resolve(Caller caller, DiscrepancyId id, FieldReader fields) {
        String note = fields.text("note", FieldValidators::note);
        fields.require("note");
        Acceptance acceptance = fields.text("accept", text -> CodedEnum.ofText(Acceptance.class, text));
        fields.finish();
        StoredDiscrepancy found = find(id);
        if (found.resolution() != null) {
            throw resolved();
        }
        return acceptance == null
                ? resolve(caller, found, String.valueOf(note))
                : accept(caller, found, acceptance, String.valueOf(note));
    }

    private StoredDiscrepancy resolve(Caller caller, StoredDiscrepancy found, String note) {
        if (!store.resolve(found.id(), new Resolution(note, caller.name(), clock.instant()))) {
            throw taken(found.id(), found.request() != null);
        }
        audit.write(caller, "discrepancy.resolve", found.id().toString(), noted(note));
        return find(found.id());
    }

    private static RuntimeException resolved() {
        return Problem.conflict("already_resolved", "The discrepancy is already resolved.")
                .asException();
    }

    private StoredDiscrepancy accept(Caller caller, StoredDiscrepancy found, Acceptance acceptance, String note) {
        if (found.request() != null) {
            throw waiting();
        }
        Proof.Given proof = prove(found, acceptance);
        JsonWriter.Content detail = accepted(acceptance, proof.amount(), note);
        if (limits.isExceededBy(proof.amount())) {
            Approver by = new Approver(caller.name(), caller.id());
            audit.write(caller, "discrepancy.accept_request", found.id().toString(), detail);
            if (!store.requestAcceptance(
                    found.id(), new StoredDiscrepancy.AcceptRequest(acceptance, note, by, clock.instant()))) {
                throw taken(found.id(), false);
            }
            settlement.note(
                    found,
                    caller.name() + " requested to " + words(acceptance) + ", "
                            + proof.amount().text() + "; another person must approve it");
            return find(found.id());
        }
        audit.write(caller, "discrepancy.accept", found.id().toString(), detail);
        return settle(found, proof, false, new Resolution(note, caller.name(), clock.instant(), acceptance));
    }

    private static RuntimeException waiting() {
        return Problem.conflict(
                        "approval_waiting",
                        "The discrepancy already waits for another person's approval. Reject that request first.")
                .asException();
    }

    private static String words(Acceptance acceptance) {
        return switch (acceptance) {
            case CHANNEL -> "apply the state that the channel confirms";
            case REFUND -> "refund the payer";
        };
    }

    private Proof.Given prove(StoredDiscrepancy found, Acceptance acceptance) {
        return switch (settlement.prove(found, acceptance)) {
            case Proof.Given given -> given;
            case Proof.Missing(String reason) ->
                throw Problem.conflict("not_proven", "The channel does not confirm it now: " + reason + ".", reason)
                        .asException();
            case Proof.Impossible(String reason, boolean isConflict) ->
                throw (isConflict
                                ? Problem.conflict("not_acceptable", "It is not possible: " + reason + ".", reason)
                                : Problem.invalid("accept", "not_acceptable", "is not possible: " + reason, reason))
                        .asException();
        };
    }

    private StoredDiscrepancy settle(
            StoredDiscrepancy found, Proof.Given proof, boolean approved, Resolution resolution) {
        String line = words(Objects.requireNonNull(resolution.accepted())) + ", "
                + proof.amount().text() + ": " + resolution.by();
        return switch (settlement.settle(found, proof, approved, line, resolution)) {
            case Settling.Settled() -> find(found.id());
            case Settling.Taken() -> throw taken(found.id(), approved);
            case Settling.Refused(String reason) ->
                throw Problem.conflict("not_settled", "It was not settled: " + reason + ".", reason)
                        .asException();
        };
    }

    /**
     * Why a discrepancy cannot be changed now.
     *
     * @param asRequested whether a request for approval was to be waiting
     */
    private RuntimeException taken(DiscrepancyId id, boolean asRequested) {
        StoredDiscrepancy now = find(id);
        if (now.resolution() != null) {
            return resolved();
        }
        if (asRequested == (now.request() != null)) {
            return Problem.conflict(
                            "being_settled",
                            "The discrepancy is being settled. Repeat the same call, or wait a minute.")
                    .asException();
        }
        return asRequested ? nothingWaits() : waiting();
    }

    /**
     * Approves what another person asked for, and does it.
     *
     * @throws dev.rung.web.ProblemException 403, 404 or 409
     */
    public StoredDiscrepancy approve(Caller caller, DiscrepancyId id) {
        StoredDiscrepancy found = find(id);
        StoredDiscrepancy.AcceptRequest request = waitingRequest(found);
        if (request.by().id().equals(caller.id())) {
            throw RefundService.samePerson().asException();
        }
        Proof.Given proof = prove(found, request.acceptance());
        audit.write(
                caller,
                "discrepancy.approve",
                id.toString(),
                accepted(request.acceptance(), proof.amount(), request.note()));
        return settle(
                found,
                proof,
                true,
                new Resolution(
                        request.note(),
                        request.by().name() + ", approved by " + caller.name(),
                        clock.instant(),
                        request.acceptance()));
    }

    /**
     * Rejects what waits for approval; the discrepancy stays open.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public StoredDiscrepancy reject(Caller caller, DiscrepancyId id) {
        StoredDiscrepancy found = find(id);
        StoredDiscrepancy.AcceptRequest request = waitingRequest(found);
        audit.write(caller, "discrepancy.reject", id.toString(), noted(request.note()));
        if (!store.withdrawAcceptance(id, clock.instant())) {
            throw taken(id, true);
        }
        settlement.note(found, caller.name() + " rejected to " + words(request.acceptance()));
        return find(id);
    }

    private static StoredDiscrepancy.AcceptRequest waitingRequest(StoredDiscrepancy found) {
        if (found.resolution() != null) {
            throw resolved();
        }
        if (found.request() == null) {
            throw nothingWaits();
        }
        return found.request();
    }

    private static RuntimeException nothingWaits() {
        return Problem.conflict("no_approval_waiting", "Nothing waits for approval.")
                .asException();
    }

    /**
     * What a call that resolves many did.
     *
     * @param nextCursor for the next call; null if nothing is left
     */
    record BulkResult(int matched, int resolved, @Nullable String nextCursor) {
        void write(JsonGenerator g) {
            g.writeStartObject();
            g.writeNumberProperty("matched", matched);
            g.writeNumberProperty("resolved", resolved);
            g.writeStringProperty("next_cursor", nextCursor);
            g.writeEndObject();
        }
    }

    /**
     * Resolves open discrepancies with one note, at most {@value #RESOLVED_MAX}.
     *
     * @throws dev.rung.web.ProblemException 422
     */
    BulkResult resolveMany(Caller caller, FieldReader fields) {
        DiscrepancyFilter filter = DiscrepancyFilter.read(fields);
        boolean dryRun = Boolean.TRUE.equals(fields.bool("dry_run"));
        String note = fields.text("note", FieldValidators::note);
        if (!dryRun) {
            fields.require("note");
        }
        Long cursor = fields.text("cursor", text -> Cursors.number(Cursors.Kind.DISCREPANCIES, text));
        fields.finish();
        Resolution resolution = new Resolution(String.valueOf(note), caller.name(), clock.instant());
        DiscrepancyId next = cursor == null ? null : new DiscrepancyId(cursor);
        int matched = 0;
        int resolved = 0;
        do {
            Page<StoredDiscrepancy, DiscrepancyId> page =
                    list(filter, true, next, Math.min(SCANNED, RESOLVED_MAX - matched));
            matched += page.items().size();
            if (!dryRun) {
                resolved += (int) page.items().stream()
                        .filter(each -> store.resolve(each.id(), resolution))
                        .count();
            }
            next = page.next();
        } while (next != null && matched < RESOLVED_MAX);
        BulkResult result = new BulkResult(
                matched, resolved, next == null ? null : Cursors.of(Cursors.Kind.DISCREPANCIES, next.value()));
        if (!dryRun) {
            audit.write(caller, "discrepancy.resolve_many", filter.target(), g -> {
                g.writeStartObject();
                g.writeStringProperty("note", note);
                g.writeNumberProperty("resolved", result.resolved());
                g.writeEndObject();
            });
        }
        return result;
    }

    private static JsonWriter.Content noted(String note) {
        return g -> {
            g.writeStartObject();
            g.writeStringProperty("note", note);
            g.writeEndObject();
        };
    }

    private static JsonWriter.Content accepted(Acceptance acceptance, Money amount, String note) {
        return g -> {
            g.writeStartObject();
            g.writeStringProperty("accept", acceptance.text());
            g.writeStringProperty("amount", amount.text());
            g.writeStringProperty("note", note);
            g.writeEndObject();
        };
    }
}
