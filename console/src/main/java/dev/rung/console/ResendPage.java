package dev.rung.console;

import dev.rung.api.ResendService;
import dev.rung.api.ResendService.BulkRequest;
import dev.rung.api.ResendService.BulkResult;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Resends notifications in bulk: a dry run counts them, then they are resent, both in bounded steps. The page makes the next call when one is
 * answered, so that it shows progress and closing it stops the job.
 */
@Lazy
@Controller
@RequestMapping("/resend")
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

    @GetMapping
    ModelAndView show(Form query) {
        return page(query, Map.of("stage", "begin"));
    }

    private static ModelAndView page(Form form, Map<String, Object> more) {
        return Views.page("resend", model(form, more));
    }

    private static Map<String, Object> model(Form form, Map<String, Object> more) {
        Map<String, Object> model = new HashMap<>();
        for (String name : new String[] {"merchant", "type", "from", "to", "cursor"}) {
            model.put(name, form.shown(name));
        }
        model.put("state", form.text("state").orElse(DeliveryState.EXHAUSTED.text()));
        model.put("states", DeliveryState.values());
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

    /** Counts the next batch; changes nothing. */
    @PostMapping("/count")
    ModelAndView count(@AuthenticationPrincipal Caller caller, Form form, Htmx htmx, Language language) {
        return answer(form, htmx, step(caller, form, language, true));
    }

    /** Resends the next batch. */
    @PostMapping("/run")
    ModelAndView run(@AuthenticationPrincipal Caller caller, Form form, Htmx htmx, Language language) {
        return answer(form, htmx, step(caller, form, language, false));
    }

    /** What the next batch changes in the model. */
    private Map<String, Object> step(Caller caller, Form form, Language language, boolean dryRun) {
        String wanted = form.shown("merchant");
        MerchantId merchant = wanted.isEmpty() ? null : names.find(wanted);
        if (merchant == null && !wanted.isEmpty()) {
            return Map.of("stage", "begin", "error", message(language, "search.no_merchant"));
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
            result = resends.resendMany(caller, BulkRequest.read(caller, FieldReader.of(members)));
        } catch (ProblemException e) {
            return Map.of("stage", "begin", "error", error(language, e.problem()));
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
        return model;
    }

    /** The error text, with the fields named by their labels. */
    private String error(Language language, Problem problem) {
        Map<String, String> errors = problems.errors(language, problem);
        return errors.isEmpty()
                ? problems.detail(language, problem)
                : errors.entrySet().stream()
                        .map(e -> message(language, "field.wrong", label(language, e.getKey()), e.getValue()))
                        .collect(Collectors.joining(" "));
    }

    private String label(Language language, String field) {
        return switch (field) {
            case "state" -> message(language, "search.state");
            case "event_type" -> message(language, "search.type");
            case "created_from" -> message(language, "resend.from");
            case "created_to" -> message(language, "resend.to");
            default -> field;
        };
    }

    private String message(Language language, String key, Object... values) {
        return messages.get(language, key, values);
    }

    private static void text(Map<String, Json> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, new Json.Text(value));
        }
    }

    private static ModelAndView answer(Form form, Htmx htmx, Map<String, Object> more) {
        return htmx.wantsPart() ? Views.page("resend :: progress", model(form, more)) : page(form, more);
    }
}
