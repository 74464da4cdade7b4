package dev.rung.console;

import dev.rung.api.Timeline.Entry;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Outcome;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredCallback;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders an order's timeline: past events with their actor and offset from the first event, and what is still due. */
final class TimelineView {
    /** A gap between events of at least this length is shown. */
    private static final long GAP_MILLIS = 600_000;

    private final ConsoleMessages messages;
    private final Language language;
    private final PageFormat format;

    TimelineView(ConsoleMessages messages, Language language) {
        this.messages = messages;
        this.language = language;
        this.format = PageFormat.of(language);
    }

    /**
     * An event.
     *
     * @param id unique on the page
     * @param actor in the page's language
     * @param tone {@code good}, {@code bad}, {@code warn}, {@code info} or {@code calm}
     * @param mark a symbol of the kind of event
     * @param offset from the first event
     * @param gap since the previous event; empty if it is short
     */
    public record Line(
            String id, long at, String actor, String tone, String mark, String offset, String gap, Content content) {}

    /**
     * The text of an event.
     *
     * @param state the payment's state after the event; empty if unchanged
     * @param outcome of the attempt; empty if the event is none
     * @param facts measured: status, duration, lateness
     * @param detail as recorded at the time
     * @param bytes the response; empty if there is none
     * @param more the path that the headers and body are loaded from on demand; empty if there is none
     * @param raw the path of the raw body; empty if there is none
     * @param link a notification's id; empty if there is none
     */
    public record Content(
            String title,
            String state,
            String outcome,
            String facts,
            String detail,
            String bytes,
            String more,
            String raw,
            String link) {}

    /** A query, expiry or attempt that is due. */
    public record Due(long at, String title, String parked) {}

    /** Past events, latest first. */
    List<Line> past(List<Entry> entries, List<NotificationDetail> notifications) {
        List<Line> lines = new ArrayList<>(entries.stream().map(this::line).toList());
        notifications.forEach(n -> lines.add(accepted(n)));
        // The first attempt may have the same millisecond as the acceptance.
        lines.sort(Comparator.comparingLong(Line::at)
                .thenComparingInt(line -> line.content().outcome().isEmpty() ? 0 : 1));
        for (int i = lines.size() - 1; i > 0; i--) {
            lines.set(i, withOffsets(lines.get(i), lines.get(i - 1), lines.getFirst()));
        }
        return lines.reversed();
    }

    private Line withOffsets(Line line, Line before, Line first) {
        long gap = line.at() - before.at();
        return new Line(
                line.id(),
                line.at(),
                line.actor(),
                line.tone(),
                line.mark(),
                "+" + format.span(line.at() - first.at()),
                gap < GAP_MILLIS ? "" : message("timeline.later", format.span(gap)),
                line.content());
    }

    private Line line(Entry entry) {
        return switch (entry) {
            case Entry.Changed(PaymentEvent e) -> changed(e);
            case Entry.CalledBack(StoredCallback c) -> calledBack(c);
            case Entry.Queried(Attempt a, Refund refund) -> queried(a, refund);
            case Entry.Notified(NotificationDetail n, Attempt a) -> notified(n, a);
        };
    }

    private static Line line(String id, long at, String actor, String tone, String mark, Content content) {
        return new Line(id, at, actor, tone, mark, "", "", content);
    }

    private Line changed(PaymentEvent e) {
        PaymentState state = e.state();
        if (e.refund() != null) {
            Content content = new Content(
                    message("timeline.refund"),
                    "",
                    "",
                    "",
                    e.detail(),
                    e.answer() == null ? "" : e.answer(),
                    "",
                    "",
                    "");
            return line("event-" + e.id(), e.at().toEpochMilli(), actor(e.source()), "info", "↩", content);
        }
        String key = "timeline." + e.source().text() + "." + (state == null ? "note" : state.text());
        String title = messages.has(key)
                ? message(key)
                : message("timeline." + e.source().text());
        String detail = e.source() == ChangeSource.MERCHANT && state == PaymentState.CREATED ? "" : e.detail();
        String answer = e.answer() == null ? "" : e.answer();
        Content content = new Content(title, state == null ? "" : state.text(), "", "", detail, answer, "", "", "");
        return line("event-" + e.id(), e.at().toEpochMilli(), actor(e.source()), tone(state), mark(state), content);
    }

    private String actor(ChangeSource source) {
        return message(
                switch (source) {
                    case MERCHANT -> "who.merchant";
                    case CALLBACK -> "who.channel";
                    case PLACEMENT, QUERY, CLOSE, EXPIRY -> "who.rung";
                    case OPERATOR -> "who.operator";
                    case RECONCILIATION -> "who.bill";
                });
    }

    private static String tone(@Nullable PaymentState state) {
        return switch (state) {
            case SUCCEEDED -> "good";
            case FAILED -> "bad";
            case CLOSED -> "calm";
            case CREATED, PAYING -> "info";
            case null -> "warn";
        };
    }

    private static String mark(@Nullable PaymentState state) {
        return switch (state) {
            case CREATED -> "＋";
            case PAYING -> "…";
            case SUCCEEDED -> "✓";
            case FAILED, CLOSED -> "✕";
            case null -> "i";
        };
    }

    private Line calledBack(StoredCallback c) {
        String path = "/payments/" + c.payment() + "/callbacks/" + Long.toString(c.id(), 36);
        Content content = new Content(
                message(c.verified() ? "timeline.called" : "timeline.called_falsely"),
                "",
                "",
                message("notification.bytes", format.number(c.body().length)),
                c.verdict(),
                "",
                path,
                path + "/body",
                "");
        return line(
                "callback-" + c.id(),
                c.receivedAt().toEpochMilli(),
                message("who.channel"),
                c.verified() ? "info" : "bad",
                "↓",
                content);
    }

    private Line queried(Attempt a, @Nullable Refund refund) {
        boolean isFinal = a.outcome() == Outcome.ACKNOWLEDGED;
        boolean answered = isFinal || a.outcome() == Outcome.DECLINED;
        Content content = new Content(
                refund == null
                        ? message("timeline.queried", a.number())
                        : message("timeline.refund_queried", refundName(refund), a.number()),
                "",
                "",
                message(isFinal ? "query.over" : answered ? "query.not_over" : "query.unclear") + " · " + measured(a),
                a.error() == null ? "" : a.error(),
                body(a),
                "",
                "",
                "");
        return line(
                "query-" + a.id(),
                a.startedAt(),
                message("who.rung"),
                isFinal ? "good" : answered ? "calm" : "warn",
                "?",
                content);
    }

    /** The merchant's number of a refund, or the channel's for one made there. */
    static String refundName(Refund refund) {
        String number = refund.terms().outRefundNo();
        return number == null ? refund.number() : number;
    }

    private Line notified(NotificationDetail n, Attempt a) {
        boolean good = a.outcome() == Outcome.ACKNOWLEDGED;
        Attempt.Answer answer = a.answer();
        String status = answer == null ? "" : "HTTP " + answer.status() + " · ";
        boolean saysMore = a.error() != null && (answer == null || !a.error().equals("status " + answer.status()));
        Content content = new Content(
                message("timeline.notified", type(n), a.number()),
                "",
                a.outcome().text(),
                status + measured(a),
                saysMore ? String.valueOf(a.error()) : "",
                answer == null ? "" : answer.headers() + "\n\n" + body(a),
                "",
                "",
                n.id().toString());
        return line(
                "attempt-" + a.id(),
                a.startedAt(),
                message("who.rung"),
                good ? "good" : "bad",
                good ? "✓" : "↑",
                content);
    }

    private Line accepted(NotificationDetail n) {
        String path = "/notifications/" + n.id();
        Content content = new Content(
                message("timeline.accepted", type(n)),
                "",
                "",
                "",
                "",
                "",
                path + "/payload?shown",
                path + "/payload",
                n.id().toString());
        return line("accepted-" + n.id(), n.content().createdAt(), message("who.rung"), "info", "→", content);
    }

    private static String type(NotificationDetail n) {
        String type = n.content().eventType();
        return type == null ? n.id().toString() : type;
    }

    private String measured(Attempt a) {
        return message("attempt.took", format.span(a.durationMillis())) + " · "
                + message("attempt.late", format.span(a.latenessMillis()));
    }

    private static String body(Attempt a) {
        Attempt.Answer answer = a.answer();
        return answer == null ? "" : new String(answer.body(), StandardCharsets.UTF_8);
    }

    /**
     * Queries, expiries and attempts that are due, latest first.
     *
     * @param payment null if none is stored for the order
     * @param query the delivery of its compensating query
     * @param paused whether the merchant is paused
     */
    List<Due> ahead(
            @Nullable Payment payment,
            @Nullable NotificationDetail query,
            List<NotificationDetail> owed,
            boolean paused) {
        List<Due> due = new ArrayList<>();
        if (payment != null && !payment.state().isFinal()) {
            Long next = query == null ? null : query.nextAttemptAt();
            if (next != null) {
                due.add(new Due(next, message("due.query"), ""));
            }
            due.add(new Due(payment.expiresAt().toEpochMilli(), message("due.expiry"), ""));
        }
        for (NotificationDetail n : owed) {
            Long next = n.nextAttemptAt();
            if (next != null) {
                boolean resent = n.state() == DeliveryState.DELIVERED;
                String title = message(resent ? "due.resend" : "due.attempt", type(n), n.attemptsMade() + 1);
                due.add(new Due(next, title, SearchPage.parked(n, paused)));
            }
        }
        due.sort(Comparator.comparingLong(Due::at).reversed());
        return due;
    }

    private String message(String key, Object... values) {
        return messages.get(language, key, values);
    }
}
