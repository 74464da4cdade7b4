package dev.rung.console;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationState;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many notifications sent again: first counted, then sent, both in calls that are bounded. The page makes the next call as soon as one is answered, so
 * that progress shows, nothing runs on unseen, and leaving the page is how to stop.
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

    /** {@code POST /resend/count}: looks at the next ones that match and changes nothing. */
    PageResponse count(PageRequest visit) {
        return step(visit, true);
    }

    /** {@code POST /resend/run}: sends the next ones again. */
    PageResponse run(PageRequest visit) {
        return step(visit, false);
    }

    private PageResponse step(PageRequest visit, boolean dryRun) {
        Form form = visit.form();
        String wanted = form.shown("merchant");
        MerchantId merchant = wanted.isEmpty() ? null : names.find(wanted);
        if (merchant == null && !wanted.isEmpty()) {
            return answer(visit, Map.of("stage", "begin", "error", changes.say(visit, "search.no_merchant")));
        }
        ApiCaller.Said said = changes.call(visit, "POST", "/v1/notifications/resend", g -> {
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
        if (!said.isGood()) {
            return answer(visit, Map.of("stage", "begin", "error", error(visit, said)));
        }
        String next = said.text("next_cursor");
        Map<String, Object> model = new HashMap<>();
        model.put("cursor", next);
        if (dryRun) {
            model.put("matched", number(form, "matched") + said.number("matched"));
            model.put("stage", next.isEmpty() ? "counted" : "counting");
        } else {
            model.put("resent", number(form, "resent") + said.number("resent"));
            model.put("stage", next.isEmpty() ? "done" : "running");
        }
        return answer(visit, model);
    }

    /** What is wrong, with the fields called what the page calls them. */
    private String error(PageRequest visit, ApiCaller.Said said) {
        Map<String, String> errors = changes.errors(visit, said);
        return errors.isEmpty()
                ? changes.detail(visit, said)
                : errors.entrySet().stream()
                        .map(e -> changes.say(visit, "field.wrong", called(visit, e.getKey()), e.getValue()))
                        .collect(Collectors.joining(" "));
    }

    private String called(PageRequest visit, String field) {
        return switch (field) {
            case "state" -> changes.say(visit, "search.state");
            case "event_type" -> changes.say(visit, "search.type");
            case "created_from" -> changes.say(visit, "resend.from");
            case "created_to" -> changes.say(visit, "resend.to");
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
