package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLog.Entry;
import dev.rung.core.port.AuditLog.Filter;
import dev.rung.web.JsonWriter;
import dev.rung.web.QueryParameters;
import dev.rung.web.Timestamps;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** The audit log. */
@RestController
final class AuditController {
    private static final String NDJSON = "application/x-ndjson";
    private static final String ID_PREFIX = "aud_";
    private static final int EXPORT_PAGE = 500;

    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    /** A page; as {@code application/x-ndjson} everything from the cursor on, one entry a line. */
    @GetMapping("/v1/audit")
    JsonWriter.@Nullable Content list(
            QueryParameters query,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept,
            HttpMethod method,
            HttpServletResponse response)
            throws IOException {
        Instant from = query.text("from", Timestamps::parse);
        Instant to = query.text("to", Timestamps::parse);
        Filter filter = new Filter(
                query.text("actor"),
                query.text("action"),
                from == null ? 0 : Ids.first(from.toEpochMilli()),
                to == null ? Long.MAX_VALUE : Ids.first(to.toEpochMilli()));
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.AUDIT, text));
        query.finish();
        if (accept.contains(NDJSON)) {
            response.setContentType(NDJSON);
            if (!method.equals(HttpMethod.HEAD)) {
                export(filter, before, response.getOutputStream());
            }
            return null;
        }
        List<Entry> page = audit.list(filter, before, limit);
        String next = page.size() < limit
                ? null
                : Cursors.of(Cursors.Kind.AUDIT, page.getLast().id());
        return g -> JsonWriter.page(g, next, items -> page.forEach(entry -> write(items, entry)));
    }

    /** Reads page by page, so that the size of the log does not matter. */
    void export(Filter filter, @Nullable Long before, OutputStream out) throws IOException {
        Long below = before;
        List<Entry> page;
        do {
            page = audit.list(filter, below, EXPORT_PAGE);
            for (Entry entry : page) {
                out.write(JsonWriter.write(g -> write(g, entry)));
                out.write('\n');
                below = entry.id();
            }
            out.flush();
        } while (page.size() == EXPORT_PAGE);
    }

    private static void write(JsonGenerator g, Entry entry) {
        g.writeStartObject();
        g.writeStringProperty("id", Ids.text(ID_PREFIX, entry.id()));
        JsonWriter.time(g, "at", entry.at());
        g.writeStringProperty("actor", entry.actor());
        g.writeStringProperty("actor_id", entry.actorId());
        g.writeStringProperty("address", entry.address());
        g.writeStringProperty("action", entry.action());
        g.writeStringProperty("target", entry.target());
        g.writeName("detail");
        g.writeRawValue(entry.detail());
        g.writeEndObject();
    }
}
