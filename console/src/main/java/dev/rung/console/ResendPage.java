package dev.rung.console;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationState;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resends notifications in bulk: a dry run counts them, then they are resent, both in bounded API calls. The page makes the next call when one is
 * answered, so that it shows progress and closing it stops the job.
 */
final class ResendPage {
    private final MerchantNames names;
    private final ApiCaller changes;

    ResendPage(MerchantNames names, ApiCaller changes) {
        this.names = names;
        this.changes = changes;
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
            return answer(visit, Map.of("stage", "begin", "error", changes.message(visit, "search.no_merchant")));
        }
        ApiCaller.Result result = changes.call(visit, "POST", "/v1/notifications/resend", g -> {
            g.writeStartObject();
            g.writeStringProperty("state", form.shown("state"));
            text(g, "merchant_id", merchant == null ? null : merchant.toString());
            text(g, "event_type", form.text("type").orElse(null));
            text(g, "created_from", form.text("from").orElse(null));
            text(g, "created_to", form.text("to").orElse(null));
            text(g, "cursor", form.text("cursor").orElse(null));
            g.writeBooleanProperty("dry_run", dryRun);
            g.writeEndObject();
        });
        if (!result.isGood()) {
            return answer(visit, Map.of("stage", "begin", "error", error(visit, result)));
        }
        String next = result.text("next_cursor");
        Map<String, Object> model = new HashMap<>();
        model.put("cursor", next);
        if (dryRun) {
            model.put("matched", number(form, "matched") + result.number("matched"));
            model.put("stage", next.isEmpty() ? "counted" : "counting");
        } else {
            model.put("resent", number(form, "resent") + result.number("resent"));
            model.put("stage", next.isEmpty() ? "done" : "running");
        }
        return answer(visit, model);
    }

    /** The error text, with the fields named by their labels. */
    private String error(PageRequest visit, ApiCaller.Result result) {
        Map<String, String> errors = changes.errors(visit, result);
        return errors.isEmpty()
                ? changes.detail(visit, result)
                : errors.entrySet().stream()
                        .map(e -> changes.message(visit, "field.wrong", label(visit, e.getKey()), e.getValue()))
                        .collect(Collectors.joining(" "));
    }

    private String label(PageRequest visit, String field) {
        return switch (field) {
            case "state" -> changes.message(visit, "search.state");
            case "event_type" -> changes.message(visit, "search.type");
            case "created_from" -> changes.message(visit, "resend.from");
            case "created_to" -> changes.message(visit, "resend.to");
            default -> field;
        };
    }

    private static void text(tools.jackson.core.JsonGenerator g, String name, @Nullable String value) {
        if (value != null) {
            g.writeStringProperty(name, value);
        }
    }

    private static PageResponse answer(PageRequest visit, Map<String, Object> more) {
        return visit.wantsPart()
                ? PageResponse.html("resend :: progress", model(visit.form(), more))
                : page(visit.form(), 200, more);
    }
}
