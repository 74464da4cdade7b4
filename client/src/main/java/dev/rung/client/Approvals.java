package dev.rung.client;

import org.jspecify.annotations.Nullable;

/** Settles discrepancies; lists and approves what another key or person asked for above the limit. Thread-safe. Errors are those of {@link RungClient}. */
public final class Approvals {
    private final RungClient rung;

    Approvals(RungClient rung) {
        this.rung = rung;
    }

    /** A page of what waits, newest first. */
    public Page<WaitingApproval> waiting(@Nullable String cursor) {
        return rung.get("/v1/approvals" + new Query().put("cursor", cursor), json -> json.page(WaitingApproval::read));
    }

    /** Settles a discrepancy with the state that the channel confirms. Above the limit it stays open until another key or person approves. */
    public Discrepancy accept(String discrepancyId, Acceptance acceptance, String note) {
        String json = JsonWriter.object()
                .put("note", note)
                .put("accept", acceptance.apiValue())
                .text();
        return rung.once("POST", discrepancy(discrepancyId) + "/resolve", json, Discrepancy::read);
    }

    /** Approves what {@link #accept} asked for. */
    public Discrepancy approveDiscrepancy(String discrepancyId) {
        return rung.once("POST", discrepancy(discrepancyId) + "/approve", null, Discrepancy::read);
    }

    /** Rejects what {@link #accept} asked for; the discrepancy stays open. */
    public Discrepancy rejectDiscrepancy(String discrepancyId) {
        return rung.once("POST", discrepancy(discrepancyId) + "/reject", null, Discrepancy::read);
    }

    /** Approves a refund; the channel is asked at once. */
    public Refund approveRefund(String refundId) {
        return rung.once("POST", refund(refundId) + "/approve", null, Refund::read);
    }

    /** Rejects a refund: it has failed. */
    public Refund rejectRefund(String refundId) {
        return rung.once("POST", refund(refundId) + "/reject", null, Refund::read);
    }

    private static String discrepancy(String id) {
        return "/v1/discrepancies/" + Query.encoded(id);
    }

    private static String refund(String id) {
        return "/v1/refunds/" + Query.encoded(id);
    }
}
