package dev.rung.cli;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Durations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select notifications. */
final class NotificationFilterOptions {
    @Option(names = "--merchant", paramLabel = "ID", description = "merchant id", order = 0)
    private @Nullable String merchant;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "waiting, delivered, exhausted or cancelled",
            order = 1)
    private @Nullable String state;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "created at or after: 2026-11-23, 2026-11-23T10:00:00Z, or 2h for two hours ago",
            order = 2)
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "created before", order = 3)
    private @Nullable String to;

    @Option(names = "--order-no", paramLabel = "NO", description = "order number", order = 4)
    private @Nullable String orderNo;

    @Option(
            names = "--event-type",
            paramLabel = "TYPE",
            description = "event type, such as payment.succeeded",
            order = 5)
    private @Nullable String eventType;

    /** Whether no filter is set. */
    boolean isEmpty() {
        return merchant == null && state == null && from == null && to == null && orderNo == null && eventType == null;
    }

    boolean hasState() {
        return state != null;
    }

    /** The filters as query parameters of the API; modifiable. */
    Map<String, @Nullable Object> query(Instant now) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("merchant_id", merchant);
        query.put("state", state == null ? null : known(state));
        query.put("created_from", from == null ? null : time("--from", from, now));
        query.put("created_to", to == null ? null : time("--to", to, now));
        query.put("order_no", orderNo);
        query.put("event_type", eventType);
        return query;
    }

    private static String known(String state) {
        List<String> states =
                Arrays.stream(DeliveryState.values()).map(DeliveryState::text).toList();
        if (!states.contains(state)) {
            throw new WrongUsage("--state \"" + state + "\" is not one of " + String.join(", ", states));
        }
        return state;
    }

    private static Instant time(String option, String text, Instant now) {
        ZoneId zone = ZoneId.systemDefault();
        List<Function<String, Instant>> formats = List.of(
                t -> OffsetDateTime.parse(t).toInstant(),
                t -> LocalDateTime.parse(t).atZone(zone).toInstant(),
                t -> LocalDate.parse(t).atStartOfDay(zone).toInstant());
        for (Function<String, Instant> format : formats) {
            try {
                return format.apply(text);
            } catch (DateTimeParseException e) {
                // Try the next format.
            }
        }
        try {
            return now.minus(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(option + " \"" + text
                    + "\" is neither a time such as 2026-11-23T10:00:00Z nor a duration such as 2h");
        }
    }
}
