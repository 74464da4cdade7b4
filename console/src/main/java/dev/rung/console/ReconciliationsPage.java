package dev.rung.console;

import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.ReconciliationStore;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The comparisons of bills, newest first. */
@Lazy
@Controller
final class ReconciliationsPage {
    private static final int LIMIT = 50;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ReconciliationStore store;

    ReconciliationsPage(ReconciliationStore store) {
        this.store = store;
    }

    /**
     * A comparison; the counts are empty until it is finished.
     *
     * @param bill what the bill has, one sum a line
     * @param here what is here
     */
    public record Row(
            String id,
            String channel,
            String day,
            boolean finished,
            boolean givenUp,
            String problem,
            List<String> bill,
            List<String> here,
            int differences,
            int suspended) {

        static Row of(StoredReconciliation each) {
            JsonNode result = JSON.readTree(each.report() == null ? "{}" : each.report());
            return new Row(
                    each.id().toString(),
                    each.channel(),
                    each.day().toString(),
                    each.isFinished() && !each.isGivenUp(),
                    each.isGivenUp(),
                    each.problem() == null ? "" : each.problem(),
                    sums(result.path("bill")),
                    sums(result.path("rung")),
                    result.path("differences").asInt(0),
                    result.path("suspended").asInt(0));
        }

        /** Payments, then refunds with a minus sign. */
        private static List<String> sums(JsonNode side) {
            List<String> sums = new ArrayList<>();
            for (String kind : List.of("payments", "refunds")) {
                JsonNode of = side.path(kind);
                String sign = kind.equals("refunds") ? "−" : "";
                for (JsonNode amount : of.path("amounts")) {
                    sums.add(of.path("count").asLong() + ": " + sign
                            + PageFormat.money(
                                    amount.path("value").asLong(),
                                    Currency.getInstance(amount.path("currency").asString())));
                }
            }
            return sums;
        }
    }

    @GetMapping("/reconciliations")
    ModelAndView show(Form query) {
        ReconciliationId before =
                query.parsedText("before", ReconciliationId::parse).orElse(null);
        Page<StoredReconciliation, ReconciliationId> page = store.list(null, before, LIMIT);
        ReconciliationId next = page.next();
        Map<String, Object> model = new HashMap<>();
        model.put("rows", page.items().stream().map(Row::of).toList());
        model.put("next", next == null ? "" : next.toString());
        model.put("first", before == null);
        return Views.page("reconciliations", model);
    }
}
