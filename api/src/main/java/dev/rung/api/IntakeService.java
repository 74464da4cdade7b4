package dev.rung.api;

import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.NoReceiver;
import dev.rung.core.flow.Overloaded;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.NotificationCatalog.Also;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import dev.rung.observability.IntakeMetrics;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Accepts notifications: one, or several at once. A result is known only after the commit. Thread-safe. */
public final class IntakeService {
    private static final Problem OVERLOADED = Problem.unavailable("overloaded", "The intake queue is full.", 1);
    private static final Problem STORE_UNAVAILABLE =
            Problem.unavailable("storage_unavailable", "The storage is unavailable.", 2);

    private static final Problem NO_RECEIVER =
            Problem.invalid("url", "required", "is required: the merchant has no receiver for this event type");

    private final Engine engine;
    private final IntakeMetrics metrics;

    IntakeService(Engine engine, IntakeMetrics metrics) {
        this.engine = engine;
        this.metrics = metrics;
    }

    /** The result of one notification. */
    public sealed interface Result {
        /**
         * It is stored.
         *
         * @param also further notifications of its event, to endpoints
         */
        record Accepted(NotificationDetail notification, List<Also> also) implements Result {}

        /** The same request was accepted before. */
        record Repeated(NotificationId first) implements Result {}

        /** It is not stored. */
        record Rejected(Problem problem) implements Result {}
    }

    /** Stores a notification. */
    Result accept(NotificationRequest request) {
        return counted(await(store(request)));
    }

    /**
     * Reads and stores a notification.
     *
     * @param reading throws {@link ProblemException} or {@link StoreException}
     */
    Result accept(Supplier<Reading> reading) {
        return counted(await(begin(reading)));
    }

    /** Reads and stores notifications; all are begun before the first is waited for. */
    List<Result> acceptAll(List<Supplier<Reading>> readings) {
        List<CompletionStage<Result>> pending = new ArrayList<>(readings.size());
        readings.forEach(reading -> pending.add(begin(reading)));
        List<Result> results = new ArrayList<>(pending.size());
        pending.forEach(each -> results.add(counted(await(each))));
        return results;
    }

    private Result counted(Result result) {
        if (result instanceof Result.Rejected(Problem problem)) {
            metrics.rejected(problem.status());
        }
        return result;
    }

    private CompletionStage<Result> begin(Supplier<Reading> reading) {
        try {
            return store(reading.get());
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(new Result.Rejected(e.problem()));
        } catch (StoreException e) {
            return CompletableFuture.completedFuture(new Result.Rejected(STORE_UNAVAILABLE));
        }
    }

    private CompletionStage<Result> store(Reading reading) {
        return switch (reading) {
            case Reading.New(NotificationRequest request) -> store(request);
            case Reading.Repeated accepted -> CompletableFuture.completedFuture(new Result.Repeated(accepted.first()));
        };
    }

    private CompletionStage<Result> store(NotificationRequest request) {
        try {
            return engine.accept(request).thenApply(IntakeService::resultOf);
        } catch (NoReceiver e) {
            return CompletableFuture.completedFuture(new Result.Rejected(NO_RECEIVER));
        } catch (Overloaded e) {
            return CompletableFuture.completedFuture(new Result.Rejected(OVERLOADED));
        }
    }

    private static Result resultOf(Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Stored(NewNotification stored) ->
                new Result.Accepted(NotificationJson.accepted(stored), NotificationJson.also(stored));
            case Acceptance.Repeated repeated -> new Result.Repeated(repeated.first());
            case Acceptance.Conflicting conflicting ->
                new Result.Rejected(
                        Problem.idempotencyConflict(conflicting.first().toString()));
        };
    }

    /** Waits for the commit. The stores limit its time; a timeout here would cost a timer per request. */
    private static Result await(CompletionStage<Result> result) {
        try {
            return result.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException) {
                return new Result.Rejected(STORE_UNAVAILABLE);
            }
            throw e;
        }
    }
}
