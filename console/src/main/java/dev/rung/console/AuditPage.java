package dev.rung.console;

import dev.rung.console.ListPage.Found;
import dev.rung.console.ListPage.Rows;
import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLog.Filter;
import dev.rung.web.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The audit log, newest first. */
@Lazy
@Controller
final class AuditPage {
    private static final ListPage LISTING = new ListPage("/audit", List.of("actor", "action", "from", "to"));

    private final AuditLog audit;
    private final ConsoleMessages messages;
    private final InstantSource clock;

    AuditPage(AuditLog audit, ConsoleMessages messages, InstantSource clock) {
        this.audit = audit;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * An entry of the audit log.
     *
     * @param actorId empty if the actor has none
     * @param address empty if it is unknown
     * @param label of the action; the action itself if it has no message
     * @param link to the target's page; empty if it has none
     */
    public record Row(
            String id,
            long at,
            String actor,
            String actorId,
            String address,
            String action,
            String label,
            String target,
            String link,
            String detail)
            implements ListPage.Row {
        @Override
        public boolean isLive() {
            return false;
        }
    }

    @GetMapping("/audit")
    ModelAndView show(Form query, Htmx htmx, Language language) {
        Filter filter = new Filter(
                query.text("actor").orElse(null),
                query.text("action").orElse(null),
                query.parsedText("from", Timestamps::parse)
                        .map(AuditPage::first)
                        .orElse(0L),
                query.parsedText("to", Timestamps::parse).map(AuditPage::first).orElse(Long.MAX_VALUE));
        Long before = query.parsedText("before", Long::valueOf).orElse(null);
        Found<AuditLog.Entry, Long> found = ListPage.fill(clock, before, (next, most) -> {
            List<AuditLog.Entry> page = audit.list(filter, next, most);
            return new Found<>(page, page.size() < most ? null : page.getLast().id());
        });
        Map<String, Object> model = new HashMap<>();
        LISTING.putFields(model, query);
        LISTING.put(
                model,
                query,
                found,
                Rows.of(found.items().stream().map(e -> row(language, e)).toList()));
        model.put("actions", messages.auditActions());
        return Views.page(htmx.wantsPart() ? "audit :: results" : "audit", model);
    }

    private static long first(Instant time) {
        return Ids.first(time.toEpochMilli());
    }

    private Row row(Language language, AuditLog.Entry entry) {
        String key = ConsoleMessages.AUDIT + entry.action();
        return new Row(
                Long.toString(entry.id()),
                entry.at(),
                entry.actor(),
                entry.actorId() == null || entry.actorId().equals(entry.actor()) ? "" : entry.actorId(),
                entry.address() == null ? "" : entry.address(),
                entry.action(),
                messages.has(key) ? messages.get(language, key) : entry.action(),
                entry.target(),
                Paths.of(entry.target()),
                entry.detail().equals("{}") ? "" : entry.detail());
    }
}
