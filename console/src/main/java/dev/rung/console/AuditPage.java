package dev.rung.console;

import dev.rung.core.port.AuditLog;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The audit log, newest first. */
@Lazy
@Controller
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

    @GetMapping("/audit")
    ModelAndView show(Form query, Language language) {
        List<AuditLog.Entry> entries = audit.list(before(query), LIMIT);
        Map<String, Object> model = new HashMap<>();
        model.put("rows", entries.stream().map(e -> row(language, e)).toList());
        model.put(
                "next",
                entries.size() < LIMIT ? "" : Long.toString(entries.getLast().id(), 36));
        model.put("first", before(query) == null);
        return Views.page("audit", model);
    }

    private static @Nullable Long before(Form query) {
        try {
            return query.text("before").map(text -> Long.valueOf(text, 36)).orElse(null);
        } catch (NumberFormatException e) {
            throw Problem.invalid("before", "invalid_cursor", "is not a position in this list")
                    .asException();
        }
    }

    private Row row(Language language, AuditLog.Entry entry) {
        String key = "audit." + entry.action();
        return new Row(
                entry.at(),
                entry.actor(),
                entry.action(),
                messages.has(key) ? messages.get(language, key) : entry.action(),
                entry.target(),
                Paths.of(entry.target()),
                entry.detail().equals("{}") ? "" : entry.detail());
    }
}
