package dev.rung.observability;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Records a span of each attempt and of each compensating query, in the trace of what is delivered. */
public record TracingSender(Sender sender, Tracing tracing) implements Sender {
    @Override
    public CompletionStage<Result> send(Request request) {
        boolean query = request.kind() == DeliveryKind.CHANNEL_QUERY;
        Tracing.Span span = tracing.begin(
                        query ? "query" : "attempt",
                        Tracing.Kind.CLIENT,
                        request.content().trace())
                .set("rung.notification.id", request.id())
                .set("rung.merchant.id", request.to().merchant())
                .set("rung.attempt", request.number());
        if (!query) {
            span.set("url.full", withoutQuery(request.content().url()));
        }
        return sender.send(request.withTrace(span.context()))
                .whenComplete((result, failure) -> ended(span, result, failure));
    }

    /** A query may hold a secret. */
    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static void ended(Tracing.Span span, @Nullable Result result, @Nullable Throwable failure) {
        if (result == null) {
            span.end(String.valueOf(failure));
            return;
        }
        span.set("rung.outcome", result.outcome().text());
        Attempt.Answer answer = result.answer();
        if (answer != null) {
            span.set("http.response.status_code", answer.status());
        }
        String error = result.error() == null ? result.outcome().text() : result.error();
        span.end(result.outcome() == Outcome.ACKNOWLEDGED ? null : error);
    }

    @Override
    public void close() {
        sender.close();
    }
}
