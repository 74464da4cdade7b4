package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Writes the audit log. Thread-safe. */
public final class AuditRecorder {
    private static final JsonWriter.Content NOTHING_MORE = g -> {
        g.writeStartObject();
        g.writeEndObject();
    };

    private final AuditLog log;
    private final Ids ids;
    private final InstantSource clock;

    public AuditRecorder(AuditLog log, Ids ids, InstantSource clock) {
        this.log = log;
        this.ids = ids;
        this.clock = clock;
    }

    void write(Caller caller, String action, String target) {
        write(caller, action, target, NOTHING_MORE);
    }

    /**
     * Writes an entry without details.
     *
     * @param address where the call came from
     */
    public void write(Caller caller, String address, String action, String target) {
        write(caller, address, action, target, NOTHING_MORE);
    }

    /**
     * Writes an entry.
     *
     * @param target the id of the changed object
     * @param detail a JSON value; never a secret
     */
    void write(Caller caller, String action, String target, JsonWriter.Content detail) {
        write(caller, address(), action, target, detail);
    }

    private void write(
            Caller caller, @Nullable String address, String action, String target, JsonWriter.Content detail) {
        String text = new String(JsonWriter.write(detail), StandardCharsets.UTF_8);
        log.write(new AuditLog.Entry(
                ids.next(), clock.millis(), caller.name(), caller.id(), address, action, target, text));
    }

    /** Where the current request came from; null outside of one. */
    private static @Nullable String address() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? attributes.getRequest().getRemoteAddr()
                : null;
    }
}
