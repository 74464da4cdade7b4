package dev.rung.cli;

import dev.rung.payments.model.PaymentId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The open discrepancies that earlier bills of a channel left, and that a later bill may settle. */
final class OpenDiscrepancies {
    private static final int PAGE = 500;
    private static final Set<String> KINDS = Set.of("missing_here", "missing_there", "state_mismatch");

    private final ApiConnection api;
    private final Map<PaymentId, List<String>> byPayment = new HashMap<>();

    private OpenDiscrepancies(ApiConnection api) {
        this.api = api;
    }

    /** For a run that changes nothing. */
    static OpenDiscrepancies none(ApiConnection api) {
        return new OpenDiscrepancies(api);
    }

    /** Reads them. */
    static OpenDiscrepancies of(ApiConnection api, String channel) {
        OpenDiscrepancies open = new OpenDiscrepancies(api);
        open.read(channel);
        return open;
    }

    private void read(String channel) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("limit", PAGE);
        @Nullable String cursor = null;
        do {
            query.put("cursor", cursor);
            JsonNode page = api.get("/v1/discrepancies" + ApiConnection.query(query));
            for (JsonNode discrepancy : page.path("data")) {
                if (discrepancy.path("channel").asString("").equals(channel)
                        && KINDS.contains(discrepancy.path("kind").asString(""))) {
                    add(discrepancy);
                }
            }
            cursor = page.path("next_cursor").isString()
                    ? page.path("next_cursor").asString()
                    : null;
        } while (cursor != null);
    }

    private void add(JsonNode discrepancy) {
        // The subject is the order's number, for some kinds followed by the channel's.
        String number = discrepancy.path("subject").asString("").split(" ", 2)[0];
        try {
            byPayment.merge(
                    PaymentId.parse(number),
                    List.of(discrepancy.path("id").asString("")),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        } catch (IllegalArgumentException e) {
            return; // an order of another system
        }
    }

    /** The payments they are about. */
    Set<PaymentId> payments() {
        return byPayment.keySet();
    }

    /**
     * Resolves those of payments that a bill and Rung agree about.
     *
     * @param day of the bill, for the note
     * @return how many
     */
    int resolve(Set<PaymentId> agreeing, String day) {
        int resolved = 0;
        for (PaymentId payment : agreeing) {
            for (String id : byPayment.getOrDefault(payment, List.of())) {
                ObjectNode body = JsonOutput.MAPPER.createObjectNode();
                body.put("note", "resolved by the bill of " + day + ", which agrees with the payment");
                resolved += api.ask("POST", "/v1/discrepancies/" + id + "/resolve", body)
                                        .status()
                                == 200
                        ? 1
                        : 0;
            }
        }
        return resolved;
    }
}
