package dev.rung.server.wiring;

import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.api.SubmissionReader;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.Overloaded;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.observability.IntakeMetrics;
import dev.rung.observability.Tracing;
import dev.rung.web.ProblemException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accepts the notifications that producers submit over AMQP. */
final class AmqpIntakeHandler implements SubmissionSource.Handler {
    private final Engine engine;
    private final SubmissionReader reader;
    private final IntakeMetrics metrics;
    private final Consumer<String> rejections;
    private final Tracing tracing;

    /**
     * A handler.
     *
     * @param rejections receives the reason of each rejection
     */
    AmqpIntakeHandler(
            Engine engine,
            SubmissionReader reader,
            IntakeMetrics metrics,
            Consumer<String> rejections,
            Tracing tracing) {
        this.engine = engine;
        this.reader = reader;
        this.metrics = metrics;
        this.rejections = rejections;
        this.tracing = tracing;
    }

    @Override
    public CompletionStage<Verdict> handle(Submission submission) {
        if (!tracing.isOn()) {
            return handle(submission, null);
        }
        TraceParent trace = TraceParent.parse(submission.traceparent());
        Tracing.Span span = tracing.begin("rung.intake", Tracing.Kind.CONSUMER, trace)
                .set("messaging.system", "rabbitmq")
                .set("messaging.destination.name", "rung.intake");
        return handle(submission, span.context())
                .whenComplete((verdict, failure) ->
                        span.end(verdict instanceof Verdict.Accepted ? null : String.valueOf(verdict)));
    }

    private CompletionStage<Verdict> handle(Submission submission, @Nullable TraceParent trace) {
        try {
            return switch (reader.read(submission).withTrace(trace)) {
                case Reading.New(NotificationRequest request) ->
                    engine.accept(request).thenApply(this::verdict).exceptionally(AmqpIntakeHandler::later);
                case Reading.Repeated accepted -> CompletableFuture.completedFuture(new Verdict.Accepted());
            };
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(
                    invalid(e.problem().status(), e.problem().detail()));
        } catch (Overloaded | StoreException e) {
            metrics.rejected(503);
            return CompletableFuture.completedFuture(new Verdict.TryLater());
        }
    }

    private Verdict verdict(Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Stored stored -> new Verdict.Accepted();
            case Acceptance.Repeated repeated -> new Verdict.Accepted();
            case Acceptance.Conflicting conflicting ->
                invalid(409, "the message-id was used for another notification, which became " + conflicting.first());
        };
    }

    private static Verdict later(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StoreException) {
            return new Verdict.TryLater();
        }
        throw new CompletionException(cause);
    }

    private Verdict invalid(int status, String reason) {
        metrics.rejected(status);
        rejections.accept(reason);
        return new Verdict.Invalid(reason);
    }
}
