package dev.rung.console;

import dev.rung.core.port.AuditLog;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who did what, newest first. */
final class AuditPage {
    private static final int LIMIT = 50;

    private final AuditLog audit;
    private final ConsoleMessages words;

    AuditPage(AuditLog audit, ConsoleMessages words) {
        this.audit = audit;
        this.words = words;
    }

    /**
     * A deed as the page shows it.
     *
     * @param deed in words; the action itself where there are none
     * @param link to what it was done to; empty: nowhere
     */
    public record Deed(long at, String actor, String action, String deed, String target, String link, String detail) {}

    /** {@code GET /audit} */
    PageResponse show(PageRequest visit) {
        List<AuditLog.Entry> entries = audit.list(before(visit), LIMIT);
        Map<String, Object> model = new HashMap<>();
        model.put("deeds", entries.stream().map(e -> deed(visit, e)).toList());
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
            throw Problem.invalid("before", "is no place in this list").asException();
        }
    }

    private Deed deed(PageRequest visit, AuditLog.Entry entry) {
        String key = "audit." + entry.action();
        return new Deed(
                entry.at(),
                entry.actor(),
                entry.action(),
                words.has(key) ? words.say(visit.language(), key) : entry.action(),
                entry.target(),
                Paths.of(entry.target()),
                entry.detail().equals("{}") ? "" : entry.detail());
    }
}
