package dev.rung.console;

import dev.rung.api.IntakeService.Result;
import dev.rung.api.RejectedService;
import dev.rung.api.RejectedService.Summary;
import dev.rung.core.model.RejectedId;
import dev.rung.core.port.RejectedSubmissions.Rejected;
import dev.rung.core.port.Submission;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonReader;
import dev.rung.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The AMQP submissions that intake rejected: seen, corrected, submitted again, discarded. */
@Lazy
@Controller
@RequestMapping("/rejected")
final class RejectedPage {
    private static final int LIMIT = 50;
    private static final int SHOWN_BYTES_MAX = 64 << 10;
    /** Members that a form corrects; any other needs the API. */
    private static final List<String> MEMBERS = List.of("merchant_id", "url", "event_type", "order_no");

    private final RejectedService rejected;
    private final ProblemMessages problems;

    RejectedPage(RejectedService rejected, ProblemMessages problems) {
        this.rejected = rejected;
        this.problems = problems;
    }

    /**
     * A submission in the list.
     *
     * @param rejectedAt 0 if it is not known
     */
    public record Row(String id, long rejectedAt, String reason, String messageId, int bytes) {
        static Row of(Summary s) {
            return new Row(
                    s.id().toString(),
                    s.rejectedAtMillis() == null ? 0 : s.rejectedAtMillis(),
                    s.reason(),
                    Objects.requireNonNullElse(s.messageId(), ""),
                    s.bytes());
        }
    }

    @GetMapping
    ModelAndView list(Form query) {
        RejectedId after = query.parsedText("after", RejectedId::parse).orElse(null);
        List<Summary> page = rejected.list(after, LIMIT);
        return Views.page(
                "rejected",
                Map.of(
                        "rows",
                        page.stream().map(Row::of).toList(),
                        "next",
                        page.size() < LIMIT ? "" : page.getLast().id().toString(),
                        "first",
                        after == null));
    }

    @GetMapping("/{id}")
    ModelAndView show(@PathVariable RejectedId id) {
        return page(200, rejected.find(id), Map.of(), Map.of());
    }

    private static ModelAndView page(
            int status, Rejected found, Map<String, String> values, Map<String, String> errors) {
        Submission submission = found.submission();
        Map<String, Object> model = new HashMap<>();
        model.put("id", found.id().toString());
        model.put("reason", found.reason());
        model.put("rejectedAt", found.rejectedAtMillis() == null ? 0L : found.rejectedAtMillis());
        model.put("routingKey", submission.routingKey());
        model.put("messageId", Objects.requireNonNullElse(submission.messageId(), ""));
        model.put("encoding", Objects.requireNonNullElse(submission.contentEncoding(), ""));
        model.put("body", body(submission));
        model.put("members", MEMBERS);
        model.put("values", values);
        model.put("errors", errors);
        return Views.page(status, "rejected-one", model);
    }

    /** As text, uncompressed; what is not text in hexadecimal. */
    private static String body(Submission submission) {
        byte[] text = RejectedService.text(submission);
        if (text == null) {
            return HexFormat.ofDelimiter(" ").formatHex(shortened(submission.body()));
        }
        return text.length <= SHOWN_BYTES_MAX && isJson(text)
                ? JsonText.formatted(new String(text, StandardCharsets.UTF_8))
                : new String(shortened(text), StandardCharsets.UTF_8);
    }

    private static boolean isJson(byte[] text) {
        try {
            JsonReader.read(text);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    private static byte[] shortened(byte[] bytes) {
        return bytes.length <= SHOWN_BYTES_MAX ? bytes : Arrays.copyOf(bytes, SHOWN_BYTES_MAX);
    }

    /** Submits it again, with the members of the form that are filled in. */
    @PostMapping("/{id}/replay")
    ModelAndView replay(
            @AuthenticationPrincipal Caller caller, @PathVariable RejectedId id, Form form, Language language) {
        Map<String, Json> set = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        for (String member : MEMBERS) {
            form.text(member).ifPresent(text -> {
                set.put(member, new Json.Text(text));
                values.put(member, text);
            });
        }
        Result result;
        try {
            result = rejected.replay(caller, id, FieldReader.of(Map.of("set", new Json.Obj(set, 0, 0))));
        } catch (ProblemException e) {
            return refused(id, values, language, e);
        }
        return switch (result) {
            case Result.Accepted(var notification, var _) ->
                Views.redirect("/notifications/" + notification.id() + "?done=replayed");
            case Result.Repeated repeated -> Views.redirect("/rejected?done=replayed");
            case Result.Rejected(var problem) -> refused(id, values, language, problem.asException());
        };
    }

    private ModelAndView refused(RejectedId id, Map<String, String> values, Language language, ProblemException e) {
        if (e.problem().status() == 404 || e.problem().status() == 503) {
            throw e;
        }
        Map<String, String> errors = new HashMap<>(problems.errors(language, e.problem()));
        if (errors.isEmpty()) {
            errors.put("", problems.detail(language, e.problem()));
        }
        return page(422, rejected.find(id), values, errors);
    }

    @PostMapping("/{id}/discard")
    ModelAndView discard(@AuthenticationPrincipal Caller caller, @PathVariable RejectedId id) {
        rejected.discard(caller, id);
        return Views.redirect("/rejected?done=discarded");
    }
}
