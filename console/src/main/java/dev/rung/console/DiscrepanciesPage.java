package dev.rung.console;

import dev.rung.api.DiscrepancyService;
import dev.rung.payments.flow.DiscrepancySettlement;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The list of discrepancies, and the page of one with its payment. */
@Lazy
@Controller
@RequestMapping("/discrepancies")
final class DiscrepanciesPage {
    private static final int LIMIT = 50;
    private static final Pattern LINE_END = Pattern.compile("\\R");

    private final PaymentStore store;
    private final DiscrepancyService discrepancies;
    private final MerchantNames names;
    private final ProblemMessages problems;

    DiscrepanciesPage(
            PaymentStore store, DiscrepancyService discrepancies, MerchantNames names, ProblemMessages problems) {
        this.discrepancies = discrepancies;
        this.store = store;
        this.names = names;
        this.problems = problems;
    }

    /**
     * A discrepancy as shown on pages.
     *
     * @param payment the payment's id; empty if it has none
     * @param note of the resolution; empty while it is open
     * @param accept how it was settled, or is to be once another person approves; empty if neither
     * @param requestedBy who asked for that approval; empty if none is waited for
     */
    public record Row(
            String id,
            String kind,
            String channel,
            String subject,
            String payment,
            String detail,
            long createdAt,
            boolean open,
            String note,
            String by,
            long resolvedAt,
            String accept,
            String requestedBy,
            String requestNote) {

        static Row of(StoredDiscrepancy d) {
            StoredDiscrepancy.Resolution end = d.resolution();
            StoredDiscrepancy.AcceptRequest request = d.request();
            Acceptance accepted = end == null ? null : end.accepted();
            Acceptance accept = request == null ? accepted : request.acceptance();
            return new Row(
                    d.id().toString(),
                    d.kind().text(),
                    d.channel(),
                    d.subject(),
                    d.payment() == null ? "" : d.payment().toString(),
                    d.detail(),
                    d.createdAt().toEpochMilli(),
                    end == null,
                    end == null ? "" : end.note(),
                    end == null ? "" : end.by(),
                    end == null ? 0 : end.at().toEpochMilli(),
                    accept == null ? "" : accept.text(),
                    request == null ? "" : request.by().name(),
                    request == null ? "" : request.note());
        }
    }

    @GetMapping
    ModelAndView show(Form query) {
        boolean all = query.shown("show").equals("all");
        DiscrepancyId before = query.parsedText("before", DiscrepancyId::parse).orElse(null);
        Page<StoredDiscrepancy, DiscrepancyId> page = store.discrepancies(!all, before, LIMIT);
        DiscrepancyId next = page.next();
        Map<String, Object> model = new HashMap<>();
        model.put("all", all);
        model.put("rows", page.items().stream().map(Row::of).toList());
        model.put("next", next == null ? "" : next.toString());
        model.put("first", before == null);
        return Views.page("discrepancies", model);
    }

    @GetMapping("/{id}")
    ModelAndView one(@PathVariable DiscrepancyId id) {
        return page(200, find(id), "", "");
    }

    private ModelAndView page(int status, StoredDiscrepancy found, String note, String error) {
        Payment payment =
                found.payment() == null ? null : store.find(found.payment()).orElse(null);
        Map<String, Object> model = new HashMap<>();
        model.put("d", Row.of(found));
        model.put("note", note);
        model.put("error", error);
        model.put("acceptable", payment != null && DiscrepancySettlement.canSettle(found));
        if (payment != null) {
            model.put("p", payment);
            model.put("amount", PageFormat.money(payment.order().amount()));
            model.put("merchant", names.name(payment.order().merchantId()));
        }
        return Views.page(status, "discrepancy", model);
    }

    @PostMapping("/{id}/resolve")
    ModelAndView resolve(
            @AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id, Form form, Language language) {
        find(id);
        String note = LINE_END.matcher(form.shown("note")).replaceAll("\n"); // browsers send CR LF
        Map<String, Json> members = new HashMap<>();
        members.put("note", new Json.Text(note));
        form.text("accept").ifPresent(accept -> members.put("accept", new Json.Text(accept)));
        StoredDiscrepancy after;
        try {
            after = discrepancies.resolve(caller, id, FieldReader.of(members));
        } catch (ProblemException e) {
            Map<String, String> errors = problems.errors(language, e.problem());
            String shown =
                    errors.isEmpty() ? problems.detail(language, e.problem()) : String.join(" ", errors.values());
            return page(e.problem().status(), find(id), note, shown);
        }
        return Views.redirect(
                "/discrepancies/" + id + "?done=" + (after.resolution() == null ? "approval_asked" : "settled"));
    }

    @PostMapping("/{id}/approve")
    ModelAndView approve(@AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id) {
        discrepancies.approve(caller, id);
        return Views.redirect("/discrepancies/" + id + "?done=settled");
    }

    @PostMapping("/{id}/reject")
    ModelAndView reject(@AuthenticationPrincipal Caller caller, @PathVariable DiscrepancyId id) {
        discrepancies.reject(caller, id);
        return Views.redirect("/discrepancies/" + id + "?done=approval_rejected");
    }

    private StoredDiscrepancy find(DiscrepancyId id) {
        return store.discrepancy(id).orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("discrepancy_not_found", "Discrepancy not found.");
    }
}
