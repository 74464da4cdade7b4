package dev.rung.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys, audit, bills, rejected submissions and bulk changes: what an operator's key may do. Thread-safe. Errors are those of {@link RungClient}. */
public final class Operations {
    private static final String KEYS = "/v1/keys";
    private static final String REJECTED = "/v1/rejected";

    private final RungClient rung;

    Operations(RungClient rung) {
        this.rung = rung;
    }

    /**
     * Creates a named API key; only this response contains it.
     *
     * @param expiresAt null: never
     */
    public NamedKey createKey(String name, KeyRole role, @Nullable Instant expiresAt) {
        JsonWriter json =
                JsonWriter.object().put("name", name).put("role", role).put("expires_at", expiresAt);
        return rung.once("POST", KEYS, json.text(), NamedKey::read);
    }

    /** The named keys of operators and platforms, without the keys themselves. */
    public List<NamedKey> keys() {
        return rung.get(KEYS, json -> json.page(NamedKey::read)).data();
    }

    public void deleteKey(String id) {
        rung.delete(KEYS + "/" + Query.encoded(id));
    }

    /**
     * A page of the audit log, newest first. Null means any.
     *
     * @param actor a name, or the id of a key or person
     * @param action such as {@code merchant.pause}
     * @param from inclusive
     * @param to exclusive
     */
    public Page<AuditEntry> audit(
            @Nullable String actor,
            @Nullable String action,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String cursor) {
        Query query = new Query()
                .put("actor", actor)
                .put("action", action)
                .put("from", from)
                .put("to", to)
                .put("cursor", cursor);
        return rung.get("/v1/audit" + query, json -> json.page(AuditEntry::read));
    }

    /**
     * A page of the comparisons with bills, one for each day and channel account, newest first.
     *
     * @param channel null: of all
     */
    public Page<Reconciliation> reconciliations(@Nullable String channel, @Nullable String cursor) {
        Query query = new Query().put("channel", channel).put("cursor", cursor);
        return rung.get("/v1/reconciliations" + query, json -> json.page(Reconciliation::read));
    }

    /** A page of the AMQP submissions that were rejected, without their bodies, newest first. */
    public Page<RejectedSubmission> rejected(@Nullable String cursor) {
        return rung.get(REJECTED + new Query().put("cursor", cursor), json -> json.page(RejectedSubmission::read));
    }

    /** A rejected submission with its body. */
    public RejectedSubmission rejectedSubmission(String id) {
        return rung.get(rejectedPath(id), RejectedSubmission::read);
    }

    /**
     * Submits a rejected submission again, which removes it from the rejected ones.
     *
     * @param corrected members of its body to set; may be empty
     */
    public Notification replay(String id, Map<String, ?> corrected) {
        String json = JsonWriter.object().put("set", corrected).text();
        return rung.once("POST", rejectedPath(id) + "/replay", json, Notification::read);
    }

    /** Discards a rejected submission. */
    public void discard(String id) {
        rung.delete(rejectedPath(id));
    }

    /**
     * Cancels all matching notifications that are waiting, at most 10,000 per call.
     *
     * @param dryRun whether to only count matches
     * @param cursor of the previous call; null to begin
     */
    public BulkResult cancelAll(NotificationFilter filter, boolean dryRun, @Nullable String cursor) {
        JsonWriter json = JsonWriter.object();
        filter.forEach(json::put);
        json.put("dry_run", dryRun).put("cursor", cursor);
        return rung.once(
                "POST", "/v1/notifications/cancel", json.text(), answer -> BulkResult.read(answer, "cancelled"));
    }

    /**
     * Resolves all matching discrepancies that are open with one note.
     *
     * @param dryRun whether to only count matches
     * @param cursor of the previous call; null to begin
     */
    public BulkResult resolveAll(DiscrepancyFilter filter, String note, boolean dryRun, @Nullable String cursor) {
        JsonWriter json = JsonWriter.object().put("note", note);
        filter.forEach(json::put);
        json.put("dry_run", dryRun).put("cursor", cursor);
        return rung.once(
                "POST", "/v1/discrepancies/resolve", json.text(), answer -> BulkResult.read(answer, "resolved"));
    }

    /** Sends a test alert to the operators' receiver of alerts; returns its id. */
    public String testAlert() {
        return rung.once("POST", "/v1/alerts/test", null, json -> json.text("id"));
    }

    private static String rejectedPath(String id) {
        return REJECTED + "/" + Query.encoded(id);
    }
}
