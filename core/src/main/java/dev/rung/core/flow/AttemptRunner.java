package dev.rung.core.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.Sender;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes an attempt and settles it: sends the request, commits the outcome, schedules the next wake, and only after its confirmation reports
 * the delivery settled, which acknowledges the old wake. In this order a crash between any two steps costs a repeat or a re-arming, never a
 * loss. Thread-safe.
 */
final class AttemptRunner {
    private static final int SETTLE_BATCH = 512;
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);
    /** After this many failures the response itself may be the cause: the settlement is retried without it. */
    private static final int FAILURES_IN_FULL_MAX = 5;

    private final NotificationStore store;
    private final EngineRuntime runtime;
    private final Ids ids;
    private final WakeScheduler wakes;
    private final StoreGate gate;
    private final FlowListener listener;
    private final Batcher<Settlement, Settled> settlements;
    private volatile @Nullable Sender sender;

    /** Receives the progress of an attempt: {@link #ended} and then {@link #settled}, or {@link #notSent} alone. */
    interface Listener {
        /** The notification no longer exists, or a defect was reported and the sweeper finds the delivery later: there was no request. */
        void notSent(InFlightDelivery inFlight);

        /**
         * The request has ended; its outcome is not stored yet.
         *
         * @param retryAfter that the receiver asked for; null if none
         * @return for a throttled attempt, the time until the receiver is tried again; else null
         */
        @Nullable Duration ended(InFlightDelivery inFlight, Outcome outcome, Duration took, @Nullable Duration retryAfter);

        /** The attempt is stored and the next wake scheduled. */
        void settled(InFlightDelivery inFlight);

        /** An ordered delivery ended, so that later ones of the same order may follow. */
        void released(ReceiverId receiver, @Nullable String orderNo);
    }

    AttemptRunner(
            NotificationStore store,
            EngineRuntime runtime,
            EngineLimits limits,
            Ids ids,
            WakeScheduler wakes,
            StoreGate gate,
            FlowListener listener) {
        this.store = store;
        this.runtime = runtime;
        this.ids = ids;
        this.wakes = wakes;
        this.gate = gate;
        this.listener = listener;
        this.settlements = new Batcher<>(
                SETTLE_BATCH,
                limits.storeLanes(),
                runtime.executor(),
                store::settle,
                e -> listener.on(new FlowEvent.Defect(e)));
    }

    /** Attempts are made through this sender from now on. */
    void start(Sender with) {
        sender = with;
    }

    boolean isStarted() {
        return sender != null;
    }

    /** Begins the attempt of a delivery that has its slot. */
    void begin(InFlightDelivery inFlight, Listener then) {
        byte[] payload = inFlight.delivery.payload();
        if (payload != null) {
            send(inFlight, payload, then);
        } else {
            runtime.execute(() -> readAndSend(inFlight, then));
        }
    }

    private void readAndSend(InFlightDelivery inFlight, Listener then) {
        byte[] payload;
        try {
            payload = store.payload(inFlight.delivery.id());
        } catch (RuntimeException e) {
            if (gate.failed(e)) {
                runtime.executeAfter(RETRY_MAX, () -> readAndSend(inFlight, then));
            } else {
                then.notSent(inFlight);
            }
            return;
        }
        gate.succeeded();
        if (payload == null) {
            then.notSent(inFlight);
        } else {
            send(inFlight, payload, then);
        }
    }

    private void send(InFlightDelivery inFlight, byte[] payload, Listener then) {
        Delivery delivery = inFlight.delivery;
        long startedAt = runtime.now();
        int number = delivery.attemptsMade() + 1;
        Receiver receiver = inFlight.receiver;
        String url = delivery.content().ownUrl() ? delivery.content().url() : receiver == null ? null : receiver.url();
        CompletionStage<Sender.Result> sent = url == null || receiver == null
                ? CompletableFuture.completedStage(new Sender.Result(Outcome.REFUSED, null, whyRefused(receiver), null))
                : send(new Sender.Request(
                        delivery.id(),
                        delivery.kind(),
                        delivery.receiver(),
                        receiver,
                        delivery.content().withUrl(url),
                        payload,
                        number,
                        startedAt));
        sent.whenComplete((result, failure) -> {
            try {
                ended(inFlight, url, number, startedAt, resultOf(result, failure), then);
            } catch (RuntimeException e) {
                listener.on(new FlowEvent.Defect(e));
            }
        });
    }

    private static String whyRefused(@Nullable Receiver receiver) {
        return receiver == null ? "the receiver was deleted" : "the merchant has no notify_url";
    }

    private CompletionStage<Sender.Result> send(Sender.Request request) {
        try {
            return Objects.requireNonNull(sender, "not started").send(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** A sender must not fail. If it does, the failure is reported as a defect, and the attempt counts as unreachable. */
    private Sender.Result resultOf(Sender.@Nullable Result result, @Nullable Throwable failure) {
        if (result != null) {
            return result;
        }
        listener.on(new FlowEvent.Defect(failure == null ? new IllegalStateException("no result") : failure));
        return new Sender.Result(Outcome.UNREACHABLE, null, "the request could not be made: an internal error", null);
    }

    private void ended(
            InFlightDelivery inFlight,
            @Nullable String url,
            int number,
            long startedAt,
            Sender.Result result,
            Listener then) {
        long endedAt = runtime.now();
        Duration took = Duration.ofMillis(endedAt - startedAt);
        Duration throttled = then.ended(inFlight, result.outcome(), took, result.retryAfter());

        Delivery delivery = inFlight.delivery;
        Outcome outcome = delivery.counted(result.outcome(), endedAt);
        Wake wake = inFlight.message.wake();
        Attempt attempt = new Attempt(
                ids.next(delivery.merchantId()),
                number,
                wake.dueAt(),
                startedAt,
                (int) took.toMillis(),
                outcome,
                result.answer(),
                result.error(),
                delivery.mayRepeat() || inFlight.message.redelivered(),
                false,
                inFlight.heldUntil(startedAt));
        NextStep next = delivery.after(
                outcome, endedAt, throttled == null ? result.retryAfter() : throttled, result.exactWait());
        Long dueAt = next.dueAt();
        WakeLocation wakeLocation = dueAt == null ? WakeLocation.QUEUED : wakes.locationFor(dueAt, endedAt);
        boolean keepsUrl =
                dueAt == null && url != null && !url.equals(delivery.content().url());
        settle(inFlight, new Settlement(wake, attempt, next, wakeLocation, keepsUrl ? url : null, endedAt), 0, then);
    }

    private void settle(InFlightDelivery inFlight, Settlement settlement, int failures, Listener then) {
        settlements.submit(settlement, new Batcher.Done<>() {
            @Override
            public void succeeded(Settled settled) {
                gate.succeeded();
                settled(inFlight, settlement, settled, then);
            }

            @Override
            public void failed(RuntimeException cause) {
                // Retried until it succeeds, whatever the cause: only this process knows that the request was made.
                gate.failed(cause);
                Settlement again = failures == FAILURES_IN_FULL_MAX ? withoutResponse(settlement) : settlement;
                Duration wait = RETRY.multipliedBy(1L << Math.min(failures, 4));
                runtime.timer()
                        .after(
                                wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX,
                                () -> settle(inFlight, again, failures + 1, then));
            }
        });
    }

    private static Settlement withoutResponse(Settlement s) {
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
                a.superseded(),
                a.held());
        return new Settlement(s.wake(), bare, s.next(), s.wakeLocation(), s.url(), s.endedAt());
    }

    private void settled(InFlightDelivery inFlight, Settlement settlement, Settled settled, Listener then) {
        Delivery delivery = inFlight.delivery;
        switch (settled) {
            case Settled.Applied(Wake next, boolean released) -> {
                listener.on(new FlowEvent.Attempted(delivery, settlement.attempt(), settlement.next()));
                if (next == null) {
                    then.settled(inFlight);
                } else {
                    wakes.schedule(next, () -> then.settled(inFlight));
                }
                if (released) {
                    then.released(delivery.receiver(), delivery.content().orderNo());
                }
            }
            case Settled.Superseded() -> {
                listener.on(
                        new FlowEvent.Superseded(delivery, settlement.attempt().asSuperseded()));
                then.settled(inFlight);
            }
            case Settled.Gone() -> then.settled(inFlight);
        }
    }
}
