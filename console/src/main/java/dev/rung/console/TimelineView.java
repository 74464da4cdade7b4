package dev.rung.console;

import dev.rung.api.Timeline.Entry;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes an order's timeline for a person to read: what happened, who did it, how long after the beginning, and what is still to come. */
final class TimelineView {
    /** A silence as long as this is pointed out. */
    private static final long SILENCE_MILLIS = 600_000;

    private final ConsoleMessages words;
    private final Language language;
    private final PageFormat format;

    TimelineView(ConsoleMessages words, Language language) {
        this.words = words;
        this.language = language;
        this.format = PageFormat.of(language);
    }

    /**
     * A line.
     *
     * @param id unique on the page
     * @param who acted, in words
     * @param tone {@code good}, {@code bad}, {@code warn}, {@code info} or {@code calm}
     * @param mark one sign that says the kind at a glance
     * @param since so long after the beginning
     * @param silence so long nothing had happened; empty: no time worth mentioning
     */
    public record Line(
            String id, long at, String who, String tone, String mark, String since, String silence, Said said) {}

    /**
     * What it says.
     *
     * @param state a payment's from then on, and {@code outcome} an attempt's; empty: none
     * @param facts measured: status, duration, lateness
     * @param detail as it was recorded at the time
     * @param bytes what came over the wire; empty: nothing
     * @param more where what came or went is fetched from on demand, and {@code raw} the same as it was; empty: nowhere
     * @param link to a notification; empty: none
     */
    public record Said(
            String title,
            String state,
            String outcome,
            String facts,
            String detail,
            String bytes,
            String more,
            String raw,
            String link) {}

    /** Something that is due. */
    public record Due(long at, String title, String held) {}

    /** What happened, latest first. */
    List<Line> past(List<Entry> entries, List<NotificationDetail> notifications) {
        List<Line> lines = new ArrayList<>(entries.stream().map(this::line).toList());
        notifications.forEach(n -> lines.add(accepted(n)));
        // What is accepted is first attempted in the same millisecond at the earliest.
        lines.sort(Comparator.comparingLong(Line::at)
                .thenComparingInt(line -> line.said().outcome().isEmpty() ? 0 : 1));
        for (int i = lines.size() - 1; i > 0; i--) {
            lines.set(i, placed(lines.get(i), lines.get(i - 1), lines.getFirst()));
        }
        return lines.reversed();
    }

    private Line placed(Line line, Line before, Line first) {
        long silent = line.at() - before.at();
        return new Line(
                line.id(),
                line.at(),
                line.who(),
                line.tone(),
                line.mark(),
                "+" + format.span(line.at() - first.at()),
                silent < SILENCE_MILLIS ? "" : say("timeline.later", format.span(silent)),
                line.said());
    }

    private Line line(Entry entry) {
        return switch (entry) {
            case Entry.Told(PaymentEvent e) -> told(e);
            case Entry.CalledBack(StoredCallback c) -> calledBack(c);
            case Entry.Queried(Attempt a) -> queried(a);
            case Entry.Notified(NotificationDetail n, Attempt a) -> notified(n, a);
        };
    }

    private static Line line(String id, long at, String who, String tone, String mark, Said said) {
        return new Line(id, at, who, tone, mark, "", "", said);
    }

    private Line told(PaymentEvent e) {
        PaymentState state = e.state();
        String key = "timeline." + e.source().text() + "." + (state == null ? "note" : state.text());
        String title = words.has(key) ? say(key) : say("timeline." + e.source().text());
        String detail = e.source() == ChangeSource.MERCHANT && state == PaymentState.CREATED ? "" : e.detail();
        String answer = e.answer() == null ? "" : e.answer();
        Said said = new Said(title, state == null ? "" : state.text(), "", "", detail, answer, "", "", "");
        return line("event-" + e.id(), e.at().toEpochMilli(), who(e.source()), tone(state), mark(state), said);
    }

    private String who(ChangeSource source) {
        return say(
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
        Said said = new Said(
                say(c.verified() ? "timeline.called" : "timeline.called_falsely"),
                "",
                "",
                say("notification.bytes", format.number(c.body().length)),
                c.verdict(),
                "",
                path,
                path + "/body",
                "");
        return line(
                "callback-" + c.id(),
                c.receivedAt().toEpochMilli(),
                say("who.channel"),
                c.verified() ? "info" : "bad",
                "↓",
                said);
    }

    private Line queried(Attempt a) {
        boolean over = a.outcome() == Outcome.ACKNOWLEDGED;
        boolean answered = over || a.outcome() == Outcome.DECLINED;
        Said said = new Said(
                say("timeline.queried", a.number()),
                "",
                "",
                say(over ? "query.over" : answered ? "query.not_over" : "query.unclear") + " · " + measured(a),
                a.error() == null ? "" : a.error(),
                body(a),
                "",
                "",
                "");
        return line(
                "query-" + a.id(),
                a.startedAt(),
                say("who.rung"),
                over ? "good" : answered ? "calm" : "warn",
                "?",
                said);
    }

    private Line notified(NotificationDetail n, Attempt a) {
        boolean good = a.outcome() == Outcome.ACKNOWLEDGED;
        Attempt.Answer answer = a.answer();
        String status = answer == null ? "" : "HTTP " + answer.status() + " · ";
        boolean saysMore = a.error() != null && (answer == null || !a.error().equals("status " + answer.status()));
        Said said = new Said(
                say("timeline.notified", type(n), a.number()),
                "",
                a.outcome().text(),
                status + measured(a),
                saysMore ? String.valueOf(a.error()) : "",
                answer == null ? "" : answer.headers() + "\n\n" + body(a),
                "",
                "",
                n.id().toString());
        return line("attempt-" + a.id(), a.startedAt(), say("who.rung"), good ? "good" : "bad", good ? "✓" : "↑", said);
    }

    private Line accepted(NotificationDetail n) {
        String path = "/notifications/" + n.id();
        Said said = new Said(
                say("timeline.accepted", type(n)),
                "",
                "",
                "",
                "",
                "",
                path + "/payload?shown",
                path + "/payload",
                n.id().toString());
        return line("accepted-" + n.id(), n.content().createdAt(), say("who.rung"), "info", "→", said);
    }

    private static String type(NotificationDetail n) {
        String type = n.content().eventType();
        return type == null ? n.id().toString() : type;
    }

    private String measured(Attempt a) {
        return say("attempt.took", format.span(a.durationMillis())) + " · "
                + say("attempt.late", format.span(a.latenessMillis()));
    }

    private static String body(Attempt a) {
        Attempt.Answer answer = a.answer();
        return answer == null ? "" : new String(answer.body(), StandardCharsets.UTF_8);
    }

    /**
     * What is to come, the farthest first.
     *
     * @param payment null: there is none here
     * @param query the record of its compensating query
     * @param paused whether the merchant is
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
                due.add(new Due(next, say("due.query"), ""));
            }
            due.add(new Due(payment.expiresAt().toEpochMilli(), say("due.expiry"), ""));
        }
        for (NotificationDetail n : owed) {
            Long next = n.nextAttemptAt();
            if (next != null) {
                boolean again = n.state() == NotificationState.DELIVERED;
                String title = say(again ? "due.resend" : "due.attempt", type(n), n.attemptsMade() + 1);
                due.add(new Due(next, title, SearchPage.held(n, paused)));
            }
        }
        due.sort(Comparator.comparingLong(Due::at).reversed());
        return due;
    }

    private String say(String key, Object... values) {
        return words.say(language, key, values);
    }
}
