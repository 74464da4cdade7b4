package dev.rung.payments.flow;

import dev.rung.core.port.Sender;
import java.util.concurrent.CompletionStage;

/** Passes each attempt to the sender of its kind: notifications and alerts over HTTP, compensating queries to the channel. */
record RoutingSender(Sender merchants, QuerySender queries) implements Sender {
    @Override
    public CompletionStage<Result> send(Request request) {
        return switch (request.kind()) {
            case NOTIFICATION, ALERT -> merchants.send(request);
            case CHANNEL_QUERY -> queries.send(request);
        };
    }

    @Override
    public void close() {
        merchants.close();
    }
}
