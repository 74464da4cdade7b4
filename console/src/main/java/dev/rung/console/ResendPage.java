package dev.rung.console;

import dev.rung.api.ResendService;
import dev.rung.api.ResendService.BulkRequest;
import dev.rung.api.ResendService.BulkResult;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationState;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resends notifications in bulk: a dry run counts them, then they are resent, both in bounded steps. The page makes the next call when one is
 * answered, so that it shows progress and closing it stops the job.
 */
final class ResendPage {
    private final ResendService resends;
    private final MerchantNames names;
    private final ConsoleMessages messages;
    private final ProblemMessages problems;

    ResendPage(ResendService resends, MerchantNames names, ConsoleMessages messages, ProblemMessages problems) {
        this.resends = resends;
        this.names = names;
        this.messages = messages;
        this.problems = problems;
    }

    /** {@code GET /resend} */
    PageResponse show(PageRequest visit) {
        return page(visit.query(), 200, Map.of("stage", "begin"));
    }

    private static PageResponse page(Form form, int status, Map<String, Object> more) {
        return new PageResponse.Html(status, "resend", model(form, more));
    }

    private static Map<String, Object> model(Form form, Map<String, Object> more) {
        Map<String, Object> model = new HashMap<>();
        for (String name : new String[] {"merchant", "type", "from", "to", "cursor"}) {
            model.put(name, form.shown(name));
        }
        model.put("state", form.text("state").orElse(NotificationState.EXHAUSTED.text()));
        model.put("states", NotificationState.values());
        model.put("matched", number(form, "matched"));
        model.put("resent", number(form, "resent"));
        model.put("total", number(form, "total"));
        model.put("error", "");
        model.putAll(more);
        return model;
    }

    private static long number(Form form, String name) {
        String text = form.shown(name);
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** {@code POST /resend/count}: counts the next batch; changes nothing. */
    PageResponse count(PageRequest visit) {
        return step(visit, true);
    }

    /** {@code POST /resend/run}: resends the next batch. */
    PageResponse run(PageRequest visit) {
        return step(visit, false);
    }

    private PageResponse step(PageRequest visit, boolean dryRun) {
        Form form = visit.form();
        String wanted = form.shown("merchant");
        MerchantId merchant = wanted.isEmpty() ? null : names.find(wanted);
        if (merchant == null && !wanted.isEmpty()) {
            return answer(visit, Map.of("stage", "begin", "error", message(visit, "search.no_merchant")));
        }
        Map<String, Json> members = new HashMap<>();
        members.put("state", new Json.Text(form.shown("state")));
        text(members, "merchant_id", merchant == null ? null : merchant.toString());
        text(members, "event_type", form.text("type").orElse(null));
        text(members, "created_from", form.text("from").orElse(null));
        text(members, "created_to", form.text("to").orElse(null));
        text(members, "cursor", form.text("cursor").orElse(null));
        members.put("dry_run", new Json.Bool(dryRun));
        BulkResult result;
        try {
            result = resends.resendMany(visit.caller(), BulkRequest.read(visit.caller(), FieldReader.of(members)));
        } catch (ProblemException e) {
            return answer(visit, Map.of("stage", "begin", "error", error(visit, e.problem())));
        }
        String next = result.nextCursor() == null ? "" : result.nextCursor();
        Map<String, Object> model = new HashMap<>();
        model.put("cursor", next);
        if (dryRun) {
            model.put("matched", number(form, "matched") + result.matched());
            model.put("stage", next.isEmpty() ? "counted" : "counting");
        } else {
            model.put("resent", number(form, "resent") + result.changed());
            model.put("stage", next.isEmpty() ? "done" : "running");
        }
        return answer(visit, model);
    }

    /** The error text, with the fields named by their labels. */
    private String error(PageRequest visit, Problem problem) {
        Map<String, String> errors = problems.errors(visit.language(), problem);
        return errors.isEmpty()
                ? problems.detail(visit.language(), problem)
                : errors.entrySet().stream()
                        .map(e -> message(visit, "field.wrong", label(visit, e.getKey()), e.getValue()))
                        .collect(Collectors.joining(" "));
    }

    private String label(PageRequest visit, String field) {
        return switch (field) {
            case "state" -> message(visit, "search.state");
            case "event_type" -> message(visit, "search.type");
            case "created_from" -> message(visit, "resend.from");
            case "created_to" -> message(visit, "resend.to");
            default -> field;
        };
    }

    private String message(PageRequest visit, String key, Object... values) {
        return messages.get(visit.language(), key, values);
    }

    private static void text(Map<String, Json> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, new Json.Text(value));
        }
    }

    private static PageResponse answer(PageRequest visit, Map<String, Object> more) {
        return visit.wantsPart()
                ? PageResponse.html("resend :: progress", model(visit.form(), more))
                : page(visit.form(), 200, more);
    }
}
