package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.core.model.RejectedId;
import dev.rung.core.port.RejectedSubmissions;
import dev.rung.core.port.RejectedSubmissions.Next;
import dev.rung.core.port.RejectedSubmissions.Rejected;
import dev.rung.core.port.RejectedSubmissions.UnavailableException;
import dev.rung.core.port.Submission;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import dev.rung.web.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows, replays and discards the AMQP submissions that intake rejected. Used by the API and the console. Thread-safe. */
public final class RejectedService {
    private static final String KEY_MEMBER = "idempotency_key";

    private final RejectedSubmissions rejected;
    private final SubmissionReader reader;
    private final IntakeService intake;
    private final AuditRecorder audit;

    RejectedService(RejectedSubmissions rejected, SubmissionReader reader, IntakeService intake, AuditRecorder audit) {
        this.rejected = rejected;
        this.reader = reader;
        this.intake = intake;
        this.audit = audit;
    }

    /** A rejected submission without its body. */
    public record Summary(
            RejectedId id,
            @Nullable Long rejectedAtMillis,
            String reason,
            String routingKey,
            @Nullable String messageId,
            @Nullable String contentEncoding,
            int bytes) {
        static Summary of(Rejected rejected) {
            Submission submission = rejected.submission();
            return new Summary(
                    rejected.id(),
                    rejected.rejectedAtMillis(),
                    rejected.reason(),
                    submission.routingKey(),
                    submission.messageId(),
                    submission.contentEncoding(),
                    submission.body().length);
        }
    }

    /**
     * Rejected submissions, oldest first; of those that one visit of the queue reaches.
     *
     * @param after the last one of the page before
     * @throws dev.rung.web.ProblemException 503
     */
    public List<Summary> list(@Nullable RejectedId after, int limit) {
        List<Summary> found = new ArrayList<>();
        visit(each -> {
            if (after == null || each.id().compareTo(after) > 0) {
                found.add(Summary.of(each));
            }
            return Next.CONTINUE;
        });
        found.sort(Comparator.comparing(Summary::id));
        return found.size() > limit ? List.copyOf(found.subList(0, limit)) : found;
    }

    /**
     * The rejected submission.
     *
     * @throws dev.rung.web.ProblemException 404, 503
     */
    public Rejected find(RejectedId id) {
        return with(id, each -> new VisitResult<>(each, false));
    }

    /**
     * Submits it again, with other values of some members, and removes it if it is accepted.
     *
     * @param fields {@code set}: members that replace those of the body; null removes one; {@code idempotency_key} replaces the message-id
     * @throws dev.rung.web.ProblemException 404, 409, 422, 503
     */
    public Result replay(Caller caller, RejectedId id, FieldReader fields) {
        Json.Obj set = fields.object("set");
        fields.finish();
        Result result = with(id, each -> {
            Submission corrected = corrected(each, set, fields.body());
            Result replayed = intake.accept(() -> reader.read(corrected));
            return new VisitResult<>(replayed, !(replayed instanceof Result.Rejected));
        });
        if (!(result instanceof Result.Rejected)) {
            audit.write(caller, "rejected.replay", id.toString());
        }
        return result;
    }

    /**
     * Removes it.
     *
     * @throws dev.rung.web.ProblemException 404, 503
     */
    public void discard(Caller caller, RejectedId id) {
        Rejected removed = with(id, each -> new VisitResult<>(each, true));
        audit.write(caller, "rejected.discard", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("reason", removed.reason());
            g.writeEndObject();
        });
    }

    /** Without a message-id, the rejected submission's own id makes a second replay of it harmless. */
    private static Submission corrected(Rejected rejected, Json.@Nullable Obj set, byte[] setBody) {
        Submission original = rejected.submission();
        String key = original.messageId() == null || original.messageId().isEmpty()
                ? rejected.id().toString()
                : original.messageId();
        if (set == null || set.members().isEmpty()) {
            return new Submission(
                    original.routingKey(), key, original.contentEncoding(), original.traceparent(), original.body());
        }
        if (set.members().get(KEY_MEMBER) instanceof Json.Text(String text)) {
            key = text;
        }
        return new Submission(
                set.members().containsKey("merchant_id") ? "" : original.routingKey(),
                key,
                null,
                original.traceparent(),
                MemberReplacement.apply(SubmissionReader.body(original), set, setBody, KEY_MEMBER));
    }

    /** The body of a submission, uncompressed; null if it is not text. */
    public static byte @Nullable [] text(Submission submission) {
        try {
            byte[] body = SubmissionReader.body(submission);
            return Utf8.isValid(body) ? body : null;
        } catch (ProblemException e) {
            return Utf8.isValid(submission.body()) ? submission.body() : null;
        }
    }

    private record VisitResult<T>(T value, boolean removes) {}

    private <T> T with(RejectedId id, Function<Rejected, VisitResult<T>> use) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        visit(each -> {
            if (!each.id().equals(id)) {
                return Next.CONTINUE;
            }
            VisitResult<T> outcome = use.apply(each);
            result.set(outcome.value());
            return outcome.removes() ? Next.REMOVE : Next.STOP;
        });
        T value = result.get();
        if (value == null) {
            throw Problem.notFound("rejected_not_found", "Rejected submission not found.")
                    .asException();
        }
        return value;
    }

    private void visit(RejectedSubmissions.Visitor visitor) {
        try {
            rejected.visit(visitor);
        } catch (UnavailableException e) {
            throw Problem.unavailable("queue_unavailable", "The queue of rejected submissions cannot be read now.", 2)
                    .asException();
        }
    }
}
