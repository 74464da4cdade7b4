package dev.rung.server.console;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentStore;
import dev.rung.server.api.Parts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known about one order, on one line of time, the latest first: what became of its payment, what the channel said, each query, and each
 * attempt to tell the merchant.
 */
public record Story(@Nullable Payment payment, List<NotificationDetail> notifications, List<Line> lines) {
    private static final int LINES_MAX = 500;
    private static final int NOTIFICATIONS_MAX = 20;

    /**
     * One thing that happened.
     *
     * @param kind a key of words, and how it is drawn
     * @param mood empty, or how it is drawn: whether the merchant got nearer to knowing or not
     * @param said in words of the channel, the merchant or the payment's own story; empty: nothing
     * @param bytes what came over the wire, if it is short; empty: nothing
     * @param more where longer bytes are fetched; empty: nowhere
     * @param sinceBeforeMillis how long after the line before
     */
    public record Line(
            long at,
            String kind,
            String mood,
            String number,
            String said,
            String bytes,
            String more,
            String link,
            long sinceBeforeMillis) {

        private Line after(@Nullable Line before) {
            return new Line(
                    at, kind, mood, number, said, bytes, more, link, before == null ? 0 : Math.max(0, at - before.at));
        }
    }

    /** Gathers what is known; empty lists where nothing is. */
    static Story of(Parts parts, MerchantId merchant, String orderNo) {
        PaymentStore payments = parts.paymentStore();
        NotificationCatalog catalog = parts.catalog();
        Payment payment = payments.find(merchant, orderNo).orElse(null);
        List<NotificationDetail> notifications = catalog.search(
                        new Filter(merchant, orderNo, null, null, null, null), null, NOTIFICATIONS_MAX)
                .data();
        List<Line> lines = new ArrayList<>();
        if (payment != null) {
            // What happened in the same millisecond stays in this order: a callback came before the state that it
            // brought.
            payments.callbacks(payment.id(), LINES_MAX).forEach(c -> lines.add(callback(payment, c)));
            catalog.attempts(payment.queryId()).forEach(a -> lines.add(query(a)));
            payments.story(payment.id(), LINES_MAX).forEach(e -> lines.add(event(e)));
        }
        for (NotificationDetail n : notifications) {
            notification(n, catalog.attempts(n.id()), lines);
        }
        lines.sort(Comparator.comparingLong(Line::at));
        List<Line> spaced = new ArrayList<>();
        for (Line line : lines) {
            spaced.add(line.after(spaced.isEmpty() ? null : spaced.getLast()));
        }
        return new Story(payment, notifications, spaced.reversed());
    }

    private static Line callback(Payment payment, StoredCallback c) {
        return new Line(
                c.receivedAt().toEpochMilli(),
                c.verified() ? "callback" : "callback_unverified",
                c.verified() ? "" : "bad",
                "",
                c.verdict(),
                "",
                "/payments/" + payment.id() + "/callbacks/" + c.id(),
                "",
                0);
    }

    private static Line query(Attempt attempt) {
        Attempt.Answer answer = attempt.answer();
        return new Line(
                attempt.startedAt(),
                "query",
                "",
                Integer.toString(attempt.number()),
                attempt.error() == null ? "" : attempt.error(),
                answer == null ? "" : new String(answer.body(), StandardCharsets.UTF_8),
                "",
                "",
                0);
    }

    private static Line event(PaymentEvent event) {
        String mood = event.state() == null
                ? ""
                : switch (event.state()) {
                    case SUCCEEDED -> "good";
                    case FAILED, CLOSED -> "bad";
                    case CREATED, PAYING -> "";
                };
        return new Line(
                event.at().toEpochMilli(),
                event.state() == null ? "note" : "payment." + event.state().text(),
                mood,
                "",
                event.state() == PaymentState.CREATED ? "" : event.detail(),
                event.answer() == null ? "" : event.answer(),
                "",
                "",
                0);
    }

    private static void notification(NotificationDetail n, List<Attempt> attempts, List<Line> lines) {
        String link = "/notifications/" + n.id();
        String type = n.content().eventType() == null ? "" : n.content().eventType();
        lines.add(new Line(n.content().createdAt(), "accepted", "", "", type, "", link + "/payload?shown", link, 0));
        for (Attempt attempt : attempts) {
            Attempt.Answer answer = attempt.answer();
            boolean good = attempt.outcome() == Outcome.ACKNOWLEDGED;
            String error = attempt.error() == null ? "" : attempt.error();
            lines.add(new Line(
                    attempt.startedAt(),
                    "attempt." + attempt.outcome().text(),
                    good ? "good" : "bad",
                    Integer.toString(attempt.number()),
                    error,
                    answer == null
                            ? ""
                            : "HTTP " + answer.status() + "\n" + answer.headers() + "\n\n"
                                    + new String(answer.body(), StandardCharsets.UTF_8),
                    "",
                    "",
                    0));
        }
    }

    /** Whether there is anything at all. */
    public boolean isEmpty() {
        return payment == null && notifications.isEmpty();
    }

    /** Whether more may happen by itself. */
    public boolean isLive() {
        boolean paying = payment != null && !payment.state().isFinal();
        return paying || notifications.stream().anyMatch(n -> n.nextAttemptAt() != null);
    }
}
