package dev.rung.queue.rabbitmq;

import dev.rung.core.model.Wake;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Wakes scheduled together; complete when each is confirmed or known to have failed. Thread-safe. */
final class ScheduledBatch {
    private final List<Wake> wakes;
    private final WakeRoutes routes;
    private final Executor executor;
    private final AtomicInteger open;
    private final ConcurrentLinkedQueue<Wake> unconfirmed = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<List<Wake>> done = new CompletableFuture<>();

    /** Completes the batch's future, so that callbacks do not block the broker's threads. */
    ScheduledBatch(List<Wake> wakes, WakeRoutes routes, Executor executor) {
        this.wakes = List.copyOf(wakes);
        this.routes = routes;
        this.executor = executor;
        this.open = new AtomicInteger(wakes.size());
    }

    CompletionStage<List<Wake>> publish(Publisher publisher) {
        publisher.publish(wakes.stream().map(Item::new).toList());
        return done;
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            done.completeAsync(() -> List.copyOf(unconfirmed), executor);
        }
    }

    private final class Item implements Publication {
        private final Wake wake;

        Item(Wake wake) {
            this.wake = wake;
        }

        @Override
        public OutgoingMessage message() {
            return routes.message(wake);
        }

        @Override
        public void confirmed() {
            ended();
        }

        @Override
        public void unconfirmed(FailureKind failure) {
            unconfirmed.add(wake);
            ended();
        }
    }
}
