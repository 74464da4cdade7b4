package dev.rung.console;

import dev.rung.core.port.AuditLog;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit log, newest first. */
final class AuditPage {
    private static final int LIMIT = 50;

    private final AuditLog audit;
    private final ConsoleMessages messages;

    AuditPage(AuditLog audit, ConsoleMessages messages) {
        this.audit = audit;
        this.messages = messages;
    }

    /**
     * An entry of the audit log.
     *
     * @param label of the action; the action itself if it has no message
     * @param link to the target's page; empty if it has none
     */
    public record Row(long at, String actor, String action, String label, String target, String link, String detail) {}

    /** {@code GET /audit} */
    PageResponse show(PageRequest visit) {
        List<AuditLog.Entry> entries = audit.list(before(visit), LIMIT);
        Map<String, Object> model = new HashMap<>();
        model.put("rows", entries.stream().map(e -> row(visit, e)).toList());
        model.put(
                "next",
                entries.size() < LIMIT ? "" : Long.toString(entries.getLast().id(), 36));
        model.put("first", before(visit) == null);
        return PageResponse.html("audit", model);
    }

    private static @Nullable Long before(PageRequest visit) {
        try {
            return visit.query()
                    .text("before")
                    .map(text -> Long.valueOf(text, 36))
                    .orElse(null);
        } catch (NumberFormatException e) {
            throw Problem.invalid("before", "invalid_cursor", "is not a position in this list")
                    .asException();
        }
    }

    private Row row(PageRequest visit, AuditLog.Entry entry) {
        String key = "audit." + entry.action();
        return new Row(
                entry.at(),
                entry.actor(),
                entry.action(),
                messages.has(key) ? messages.get(visit.language(), key) : entry.action(),
                entry.target(),
                Paths.of(entry.target()),
                entry.detail().equals("{}") ? "" : entry.detail());
    }
}
