package dev.rung.server.wiring;

import dev.rung.api.NotificationRequestReader;
import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.Overloaded;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.observability.IntakeMetrics;
import dev.rung.web.BodyBudget;
import dev.rung.web.FieldReader;
import dev.rung.web.ProblemException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Accepts the notifications that producers submit over AMQP: the same JSON as over HTTP, read by the same reader. */
final class AmqpIntakeHandler implements SubmissionSource.Handler {
    private final Engine engine;
    private final NotificationRequestReader reader;
    private final IntakeMetrics metrics;

    AmqpIntakeHandler(Engine engine, NotificationRequestReader reader, IntakeMetrics metrics) {
        this.engine = engine;
        this.reader = reader;
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<Verdict> handle(String routingKey, @Nullable String messageId, byte[] body) {
        if (body.length > BodyBudget.BODY_BYTES_MAX) {
            return invalid(413, "the body has more than " + BodyBudget.BODY_BYTES_MAX + " bytes");
        }
        String key = messageId == null || messageId.isEmpty() ? null : messageId;
        try {
            Reading reading = reader.read(FieldReader.ofBody(body), key, "message-id");
            if (!routingKey.isEmpty() && !routingKey.equals(reading.merchantId().toString())) {
                return invalid(422, "the routing key is not the body's merchant_id");
            }
            return switch (reading) {
                case Reading.New(NotificationRequest request) ->
                    engine.accept(request).thenApply(this::verdict).exceptionally(AmqpIntakeHandler::later);
                case Reading.Accepted accepted -> CompletableFuture.completedFuture(new Verdict.Accepted());
            };
        } catch (ProblemException e) {
            return invalid(e.problem().status(), e.problem().detail());
        } catch (Overloaded | StoreException e) {
            metrics.rejected(503);
            return CompletableFuture.completedFuture(new Verdict.TryLater());
        }
    }

    private Verdict verdict(Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Stored stored -> new Verdict.Accepted();
            case Acceptance.Repeated repeated -> new Verdict.Accepted();
            case Acceptance.Conflicting conflicting -> {
                metrics.rejected(409);
                yield new Verdict.Invalid(
                        "the message-id was used for another notification, which became " + conflicting.first());
            }
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

    private CompletionStage<Verdict> invalid(int status, String reason) {
        metrics.rejected(status);
        return CompletableFuture.completedFuture(new Verdict.Invalid(reason));
    }
}
