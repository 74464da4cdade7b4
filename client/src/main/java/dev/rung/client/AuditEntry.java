package dev.rung.client;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit log.
 *
 * @param actor the name of the key or person; {@code anonymous} if it is unknown
 * @param actorId null if the actor is unknown
 * @param address where the call came from
 * @param action such as {@code merchant.pause}
 * @param target the id of the changed object, {@code api} or {@code console}
 * @param detail what was changed
 */
public record AuditEntry(
        String id,
        Instant at,
        String actor,
        @Nullable String actorId,
        @Nullable String address,
        String action,
        String target,
        Map<String, @Nullable Object> detail) {

    static AuditEntry read(JsonObject json) {
        Map<String, @Nullable Object> detail = json.optionalMap("detail");
        return new AuditEntry(
                json.text("id"),
                json.time("at"),
                json.text("actor"),
                json.optionalText("actor_id"),
                json.optionalText("address"),
                json.text("action"),
                json.text("target"),
                detail == null ? Map.of() : detail);
    }
}
