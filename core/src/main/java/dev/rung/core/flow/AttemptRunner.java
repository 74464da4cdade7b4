package dev.rung.core.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Timer;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes an attempt and settles it: send, commit what came of it, schedule the next wake (confirmed), acknowledge the wake; in this
 * order, so that a crash between any two costs a repeat or a re-arming, never a loss. Thread-safe.
 */
final class AttemptRunner {
    private static final int SETTLE_BATCH = 512;
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);
    /** A settlement that failed so often may be what the store cannot take: it is tried without the merchant's words. */
    private static final int FAILURES_IN_FULL_MAX = 5;

    private final NotificationStore store;
    private final WakeQueue queue;
    private final Sender sender;
    private final Timer timer;
    private final InstantSource clock;
    private final Executor executor;
    private final Ids ids;
    private final WakeScheduler wakes;
    private final StoreGate gate;
    private final FlowListener listener;
    private final Dispatcher dispatcher;
    private final Batcher<Settlement, Settled> settlements;

    AttemptRunner(
            Engine.Ports ports,
            EngineLimits limits,
            WakeScheduler wakes,
            StoreGate gate,
            FlowListener listener,
            Dispatcher dispatcher) {
        this.store = ports.store();
        this.queue = ports.queue();
        this.sender = ports.sender();
        this.timer = ports.timer();
        this.clock = ports.clock();
        this.executor = ports.executor();
        this.ids = ports.ids();
        this.wakes = wakes;
        this.gate = gate;
        this.listener = listener;
        this.dispatcher = dispatcher;
        this.settlements = new Batcher<>(
                SETTLE_BATCH, limits.storeLanes(), executor, store::settle, e -> listener.on(new FlowEvent.Defect(e)));
    }

    /** Begins the attempt of a flight that has its slot. */
    void begin(InFlightDelivery inFlight) {
        byte[] payload = inFlight.delivery.payload();
        if (payload != null) {
            send(inFlight, payload);
        } else {
            executor.execute(() -> readAndSend(inFlight));
        }
    }

    private void readAndSend(InFlightDelivery inFlight) {
        byte[] payload;
        try {
            payload = store.payload(inFlight.delivery.id());
        } catch (RuntimeException e) {
            if (gate.failed(e)) {
                timer.after(RETRY_MAX, () -> executor.execute(() -> readAndSend(inFlight)));
            } else {
                leaveUnsent(inFlight); // The sweeper comes by again.
            }
            return;
        }
        gate.succeeded();
        if (payload == null) {
            leaveUnsent(inFlight);
        } else {
            send(inFlight, payload);
        }
    }

    private void leaveUnsent(InFlightDelivery inFlight) {
        dispatcher.followUp(dispatcher.bulkheads().leaveUnused(inFlight));
        dispatcher.finish(inFlight);
    }

    private void send(InFlightDelivery inFlight, byte[] payload) {
        Delivery delivery = inFlight.delivery;
        long startedAt = clock.millis();
        int number = delivery.attemptsMade() + 1;
        Sender.Request request =
                new Sender.Request(delivery.id(), inFlight.merchant, delivery.content(), payload, number, startedAt);
        CompletionStage<Sender.Result> sent;
        try {
            sent = sender.send(request);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedStage(e);
        }
        sent.whenComplete((result, failure) -> {
            try {
                ended(inFlight, number, startedAt, resultOf(result, failure));
            } catch (RuntimeException e) {
                listener.on(new FlowEvent.Defect(e));
            }
        });
    }

    /** A sender never fails; if it does, the merchant was not reached and a person must learn why. */
    private Sender.Result resultOf(Sender.@Nullable Result result, @Nullable Throwable failure) {
        if (result != null) {
            return result;
        }
        listener.on(new FlowEvent.Defect(failure == null ? new IllegalStateException("no result") : failure));
        return new Sender.Result(Outcome.UNREACHABLE, null, "the request could not be made: an internal error", null);
    }

    private void ended(InFlightDelivery inFlight, int number, long startedAt, Sender.Result result) {
        long endedAt = clock.millis();
        Duration took = Duration.ofMillis(endedAt - startedAt);
        dispatcher.followUp(dispatcher.bulkheads().leave(inFlight, result.outcome(), took));

        Delivery delivery = inFlight.delivery;
        Wake wake = inFlight.message.wake();
        Attempt attempt = new Attempt(
                ids.next(),
                number,
                wake.dueAt(),
                startedAt,
                (int) took.toMillis(),
                result.outcome(),
                result.answer(),
                result.error(),
                delivery.mayRepeat() || inFlight.message.redelivered(),
                false);
        NextStep next = delivery.after(result.outcome(), endedAt, result.retryAfter(), result.exactWait());
        WakeLocation wakeLocation =
                next instanceof NextStep.Retry(long dueAt) ? placeFor(queue, dueAt, endedAt) : WakeLocation.QUEUED;
        settle(inFlight, new Settlement(wake, attempt, next, wakeLocation, endedAt), 0);
    }

    private void settle(InFlightDelivery inFlight, Settlement settlement, int failures) {
        settlements.submit(settlement, new Batcher.Done<>() {
            @Override
            public void succeeded(Settled settled) {
                gate.succeeded();
                settled(inFlight, settlement, settled);
            }

            @Override
            public void failed(RuntimeException cause) {
                // Tried until it succeeds, whatever is in the way: a request was made, and nobody else knows.
                gate.failed(cause);
                Settlement again = failures == FAILURES_IN_FULL_MAX ? withoutTheirWords(settlement) : settlement;
                Duration wait = RETRY.multipliedBy(1L << Math.min(failures, 4));
                timer.after(
                        wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX, () -> settle(inFlight, again, failures + 1));
            }
        });
    }

    private static Settlement withoutTheirWords(Settlement s) {
        Attempt a = s.attempt();
        Attempt bare = new Attempt(
                a.id(),
                a.number(),
                a.dueAt(),
                a.startedAt(),
                a.durationMillis(),
                a.outcome(),
                a.answer() == null ? null : new Attempt.Answer(a.answer().status(), "", new byte[0]),
                "the answer could not be recorded",
                a.mayRepeat(),
                a.superseded());
        return new Settlement(s.wake(), bare, s.next(), s.wakeLocation(), s.endedAt());
    }

    private void settled(InFlightDelivery inFlight, Settlement settlement, Settled settled) {
        Delivery delivery = inFlight.delivery;
        switch (settled) {
            case Settled.Applied(Wake next, boolean released) -> {
                listener.on(new FlowEvent.Attempted(delivery, settlement.attempt(), settlement.next()));
                if (next == null) {
                    dispatcher.finish(inFlight);
                } else {
                    wakes.schedule(next, () -> dispatcher.finish(inFlight));
                }
                if (released) {
                    dispatcher.release(delivery.merchantId(), delivery.content().orderNo());
                }
            }
            case Settled.Superseded() -> {
                listener.on(
                        new FlowEvent.Superseded(delivery, settlement.attempt().asSuperseded()));
                dispatcher.finish(inFlight);
            }
            case Settled.Gone() -> dispatcher.finish(inFlight);
        }
    }

    /** Where a wake due then belongs: in the queue, or, too far ahead for it, in the store alone. */
    static WakeLocation placeFor(WakeQueue queue, long dueAt, long now) {
        return dueAt - now > queue.horizon().toMillis() ? WakeLocation.FAR : WakeLocation.QUEUED;
    }
}
