package dev.rung.channel.simulator;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Durations;
import dev.rung.payments.bank.BankBehavior;
import dev.rung.payments.bank.BankBehavior.BillLine;
import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The {@code channel_options} of an order. By default a tester chooses the result on the pay page and the bank works correctly.
 *
 * @param payAfter the delay until the simulated payer acts, if the options set an outcome
 * @param refund the result of its refunds
 * @param refundAfter the delay until a refund ends
 */
record SimulatorOptions(BankBehavior behavior, Duration payAfter, RefundOutcome refund, Duration refundAfter) {
    private static final Duration PAY_AFTER = Duration.ofSeconds(1);
    private static final Duration REFUND_AFTER = Duration.ofSeconds(1);
    private static final Duration CALLBACK_DELAY = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofDays(1);
    private static final int NAME_SHOWN_MAX = 64;

    private static final Set<String> NAMES =
            Set.of("outcome", "pay_after", "callback", "callback_delay", "query", "refund", "refund_after", "bill");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** What becomes of a refund. */
    enum RefundOutcome implements CodedEnum {
        /** It is accepted, then paid out. */
        SUCCEEDS(0, "succeeds"),
        /** It is accepted, then fails. */
        FAILS(1, "fails"),
        /** It is accepted and never ends. */
        NEVER(2, "never"),
        /** It is not accepted. */
        REFUSED(3, "refused");

        private final int code;
        private final String text;

        RefundOutcome(int code, String text) {
            this.code = code;
            this.text = text;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** The behavior of the bank with a refund of such an order. */
    BankBehavior refundBehavior() {
        Outcome outcome = switch (refund) {
            case SUCCEEDS -> Outcome.SUCCEEDS;
            case FAILS -> Outcome.FAILS;
            case NEVER, REFUSED -> Outcome.NEVER;
        };
        return new BankBehavior(
                outcome, behavior.callback(), behavior.callbackDelay(), behavior.answersQueries(), behavior.bill());
    }

    /** Whether the bank responds to queries. */
    private enum Query implements CodedEnum {
        HONEST(0, "honest"),
        UNAVAILABLE(1, "unavailable");

        private final int code;
        private final String text;

        Query(int code, String text) {
            this.code = code;
            this.text = text;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * Parses the options.
     *
     * @param json null: no options
     * @throws IllegalArgumentException if they are invalid; the message continues the field's name, with a leading dot for a member
     */
    static SimulatorOptions parse(@Nullable String json) {
        if (json == null) {
            return new SimulatorOptions(
                    new BankBehavior(null, CallbackKind.PROMPT, CALLBACK_DELAY, true),
                    PAY_AFTER,
                    RefundOutcome.SUCCEEDS,
                    REFUND_AFTER);
        }
        Map<String, String> members = members(json);
        Outcome outcome = choice(members, "outcome", Outcome.class);
        Duration payAfter = duration(members, "pay_after");
        CallbackKind callback = choice(members, "callback", CallbackKind.class);
        Duration delay = duration(members, "callback_delay");
        Query query = choice(members, "query", Query.class);
        RefundOutcome refund = choice(members, "refund", RefundOutcome.class);
        Duration refundAfter = duration(members, "refund_after");
        BillLine bill = choice(members, "bill", BillLine.class);
        // pay_after without an outcome implies success.
        return new SimulatorOptions(
                new BankBehavior(
                        outcome == null && payAfter != null ? Outcome.SUCCEEDS : outcome,
                        Objects.requireNonNullElse(callback, CallbackKind.PROMPT),
                        Objects.requireNonNullElse(delay, CALLBACK_DELAY),
                        query != Query.UNAVAILABLE,
                        Objects.requireNonNullElse(bill, BillLine.HONEST)),
                Objects.requireNonNullElse(payAfter, PAY_AFTER),
                Objects.requireNonNullElse(refund, RefundOutcome.SUCCEEDS),
                Objects.requireNonNullElse(refundAfter, REFUND_AFTER));
    }

    private static <E extends Enum<E> & CodedEnum> @Nullable E choice(
            Map<String, String> members, String name, Class<E> type) {
        String text = members.get(name);
        try {
            return text == null ? null : CodedEnum.ofText(type, text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("." + name + " " + e.getMessage(), e);
        }
    }

    private static @Nullable Duration duration(Map<String, String> members, String name) {
        String text = members.get(name);
        if (text == null) {
            return null;
        }
        Duration duration;
        try {
            duration = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("." + name + " " + e.getMessage(), e);
        }
        if (duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("." + name + " is longer than 24h");
        }
        return duration;
    }

    /** All members are strings. */
    private static Map<String, String> members(String json) {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is not an object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (!NAMES.contains(name)) {
                    throw new IllegalArgumentException("." + shown(name) + " is not an option of this channel");
                }
                switch (parser.nextToken()) {
                    case VALUE_STRING -> members.put(name, parser.getString());
                    case VALUE_NULL -> {
                        // Null is treated like an absent member.
                    }
                    default -> throw new IllegalArgumentException("." + name + " is not a string");
                }
            }
            return members;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is not JSON", e);
        }
    }

    private static String shown(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }
}
