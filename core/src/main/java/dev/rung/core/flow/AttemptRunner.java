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
    void begin(InFlightDelivery flight) {
        byte[] payload = flight.owed.payload();
        if (payload != null) {
            send(flight, payload);
        } else {
            executor.execute(() -> readAndSend(flight));
        }
    }

    private void readAndSend(InFlightDelivery flight) {
        byte[] payload;
        try {
            payload = store.payload(flight.owed.id());
        } catch (RuntimeException e) {
            if (gate.failed(e)) {
                timer.after(RETRY_MAX, () -> executor.execute(() -> readAndSend(flight)));
            } else {
                leaveUnsent(flight); // The sweeper comes by again.
            }
            return;
        }
        gate.succeeded();
        if (payload == null) {
            leaveUnsent(flight);
        } else {
            send(flight, payload);
        }
    }

    private void leaveUnsent(InFlightDelivery flight) {
        dispatcher.followUp(dispatcher.bulkheads().leaveUnused(flight));
        dispatcher.finish(flight);
    }

    private void send(InFlightDelivery flight, byte[] payload) {
        Delivery owed = flight.owed;
        long startedAt = clock.millis();
        int number = owed.attemptsMade() + 1;
        Sender.Request request =
                new Sender.Request(owed.id(), flight.merchant, owed.content(), payload, number, startedAt);
        CompletionStage<Sender.Result> sent;
        try {
            sent = sender.send(request);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedStage(e);
        }
        sent.whenComplete((result, failure) -> {
            try {
                ended(flight, number, startedAt, resultOf(result, failure));
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

    private void ended(InFlightDelivery flight, int number, long startedAt, Sender.Result result) {
        long endedAt = clock.millis();
        Duration took = Duration.ofMillis(endedAt - startedAt);
        dispatcher.followUp(dispatcher.bulkheads().leave(flight, result.outcome(), took));

        Delivery owed = flight.owed;
        Wake wake = flight.message.wake();
        Attempt attempt = new Attempt(
                ids.next(),
                number,
                wake.dueAt(),
                startedAt,
                (int) took.toMillis(),
                result.outcome(),
                result.answer(),
                result.error(),
                owed.mayRepeat() || flight.message.redelivered(),
                false);
        NextStep next = owed.after(result.outcome(), endedAt, result.retryAfter(), result.exactWait());
        WakeLocation place =
                next instanceof NextStep.Climb(long dueAt) ? placeFor(queue, dueAt, endedAt) : WakeLocation.QUEUED;
        settle(flight, new Settlement(wake, attempt, next, place, endedAt), 0);
    }

    private void settle(InFlightDelivery flight, Settlement settlement, int failures) {
        settlements.submit(settlement, new Batcher.Done<>() {
            @Override
            public void succeeded(Settled settled) {
                gate.succeeded();
                settled(flight, settlement, settled);
            }

            @Override
            public void failed(RuntimeException cause) {
                // Tried until it succeeds, whatever is in the way: a request was made, and nobody else knows.
                gate.failed(cause);
                Settlement again = failures == FAILURES_IN_FULL_MAX ? withoutTheirWords(settlement) : settlement;
                Duration wait = RETRY.multipliedBy(1L << Math.min(failures, 4));
                timer.after(
                        wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX, () -> settle(flight, again, failures + 1));
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
        return new Settlement(s.wake(), bare, s.next(), s.place(), s.endedAt());
    }

    private void settled(InFlightDelivery flight, Settlement settlement, Settled settled) {
        Delivery owed = flight.owed;
        switch (settled) {
            case Settled.Applied(Wake next, boolean released) -> {
                listener.on(new FlowEvent.Attempted(owed, settlement.attempt(), settlement.next()));
                if (next == null) {
                    dispatcher.finish(flight);
                } else {
                    wakes.schedule(next, () -> dispatcher.finish(flight));
                }
                if (released) {
                    dispatcher.release(owed.merchantId(), owed.content().orderNo());
                }
            }
            case Settled.Superseded() -> {
                listener.on(new FlowEvent.Superseded(owed, settlement.attempt().asSuperseded()));
                dispatcher.finish(flight);
            }
            case Settled.Gone() -> dispatcher.finish(flight);
        }
    }

    /** Where a wake due then belongs: in the queue, or, too far ahead for it, in the store alone. */
    static WakeLocation placeFor(WakeQueue queue, long dueAt, long now) {
        return dueAt - now > queue.horizon().toMillis() ? WakeLocation.FAR : WakeLocation.QUEUED;
    }
}
