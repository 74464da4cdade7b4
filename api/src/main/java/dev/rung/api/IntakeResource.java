package dev.rung.api;

import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.Overloaded;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import dev.rung.observability.IntakeMetrics;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** Accepts notifications: one, or up to a thousand at once. Responds 202 only after commit. */
final class IntakeResource {
    static final int BATCH_MAX = 1_000;
    private static final String KEY_HEADER = "Idempotency-Key";
    private static final Problem OVERLOADED = Problem.unavailable("The intake queue is full.", 1);
    private static final Problem STORE_UNAVAILABLE = Problem.unavailable("The storage is unavailable.", 2);

    private final Engine engine;
    private final NotificationRequestReader reader;
    private final NotificationResource notifications;
    private final IntakeMetrics metrics;

    IntakeResource(ApiDependencies parts, NotificationResource notifications) {
        this.engine = parts.engine();
        this.reader = parts.reader();
        this.notifications = notifications;
        this.metrics = parts.intakeMetrics();
    }

    /** {@code POST /v1/notifications} */
    ApiResponse create(ApiRequest call) {
        if (call.repeatsHeader(KEY_HEADER)) {
            return ApiResponse.problem(Problem.invalid(KEY_HEADER, "is given more than once"));
        }
        String key;
        try {
            key = call.utf8Header(KEY_HEADER);
        } catch (IllegalArgumentException e) {
            return ApiResponse.problem(Problem.invalid(KEY_HEADER, String.valueOf(e.getMessage())));
        }
        return answer(begin(() -> reader.read(call.body(), key, KEY_HEADER)));
    }

    /** Stores a notification and returns the response. */
    ApiResponse accept(NotificationRequest request) {
        return answer(store(request));
    }

    private ApiResponse answer(CompletionStage<Result> result) {
        return switch (await(result)) {
            case Result.Accepted taken ->
                ApiResponse.json(202, g -> notifications.write(g, taken.notification(), List.of()));
            case Result.Repeated repeated -> notifications.show(200, repeated.first());
            case Result.Rejected refused -> {
                metrics.rejected(refused.problem().status());
                yield ApiResponse.problem(refused.problem());
            }
        };
    }

    /** {@code POST /v1/notifications/batch} */
    ApiResponse createBatch(ApiRequest call) {
        byte[] body = call.body();
        List<Json> items = items(body);
        List<CompletionStage<Result>> pending = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Json item = items.get(i);
            String prefix = "notifications[" + i + "]";
            pending.add(begin(() -> reader.readItem(body, item, prefix)));
        }
        List<Result> results = new ArrayList<>(pending.size());
        boolean anyTaken = false;
        Problem unavailable = null;
        for (CompletionStage<Result> each : pending) {
            Result result = await(each);
            results.add(result);
            if (result instanceof Result.Rejected refused) {
                metrics.rejected(refused.problem().status());
                unavailable = refused.problem().status() == 503 ? refused.problem() : unavailable;
            } else {
                anyTaken = true;
            }
        }
        // If no item was accepted and some may succeed later, the client should retry the whole batch.
        return unavailable != null && !anyTaken
                ? ApiResponse.problem(unavailable)
                : ApiResponse.json(200, g -> writeResults(g, results));
    }

    private static List<Json> items(byte[] body) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofBody(body, errors);
        List<Json> items = fields.list("notifications");
        fields.require("notifications");
        if (items != null && items.size() > BATCH_MAX) {
            fields.wrong("notifications", "has more than " + BATCH_MAX + " items");
        }
        fields.refuseOthers();
        errors.check();
        return items == null ? List.of() : items;
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

    /** The result of an item. */
    private sealed interface Result {
        record Accepted(NotificationDetail notification) implements Result {}

        record Repeated(NotificationId first) implements Result {}

        record Rejected(Problem problem) implements Result {}
    }

    private CompletionStage<Result> store(Reading reading) {
        return switch (reading) {
            case Reading.New(NotificationRequest request) -> store(request);
            case Reading.Accepted accepted -> CompletableFuture.completedFuture(new Result.Repeated(accepted.first()));
        };
    }

    private CompletionStage<Result> store(NotificationRequest request) {
        try {
            return engine.accept(request).thenApply(acceptance -> resultOf(request, acceptance));
        } catch (Overloaded e) {
            return CompletableFuture.completedFuture(new Result.Rejected(OVERLOADED));
        }
    }

    private static Result resultOf(NotificationRequest request, Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Stored stored -> new Result.Accepted(NotificationJson.accepted(stored.id(), request));
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

    private void writeResults(JsonGenerator g, List<Result> results) {
        g.writeStartObject();
        g.writeArrayPropertyStart("results");
        for (Result result : results) {
            g.writeStartObject();
            switch (result) {
                case Result.Accepted taken -> {
                    g.writeNumberProperty("status", 202);
                    g.writeStringProperty("id", taken.notification().id().toString());
                    g.writeName("notification");
                    notifications.write(g, taken.notification(), List.of());
                }
                case Result.Repeated repeated -> {
                    g.writeNumberProperty("status", 200);
                    g.writeStringProperty("id", repeated.first().toString());
                    g.writeName("notification");
                    notifications.write(g, repeated.first());
                }
                case Result.Rejected refused -> {
                    g.writeNumberProperty("status", refused.problem().status());
                    g.writeName("error");
                    JsonWriter.problem(g, refused.problem());
                }
            }
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }
}
