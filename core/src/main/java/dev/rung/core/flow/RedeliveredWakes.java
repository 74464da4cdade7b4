package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Handles wakes that the queue delivers again: another server may be attempting them, or may have died before it scheduled the next wake.
 * Thread-safe.
 */
final class RedeliveredWakes {
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NotificationStore store;
    private final EngineRuntime runtime;
    private final StoreGate gate;
    private final WakeScheduler wakes;
    private final InFlightDeliveries inFlights;
    private final AttemptTimeouts timeouts;

    RedeliveredWakes(
            NotificationStore store,
            EngineRuntime runtime,
            StoreGate gate,
            WakeScheduler wakes,
            InFlightDeliveries inFlights,
            AttemptTimeouts timeouts) {
        this.store = store;
        this.runtime = runtime;
        this.gate = gate;
        this.wakes = wakes;
        this.inFlights = inFlights;
        this.timeouts = timeouts;
    }

    /** Waits until an attempt on another server must have ended, raises the numbers, and passes the wakes to {@code claimed}. */
    void claimLater(List<WakeMessage> messages, Consumer<WakeMessage> claimed) {
        runtime.executeAfter(EngineLimits.ATTEMPT_MUST_HAVE_ENDED, () -> claimEnded(messages, claimed));
    }

    /** Attempts of some receivers take longer: theirs are claimed later. */
    private void claimEnded(List<WakeMessage> messages, Consumer<WakeMessage> then) {
        Map<NotificationId, Duration> extra;
        try {
            extra = timeouts.extra(messages.stream()
                    .map(message -> message.wake().id())
                    .distinct()
                    .toList());
        } catch (RuntimeException e) {
            failed(messages, e, () -> claimEnded(messages, then));
            return;
        }
        Map<Duration, List<WakeMessage>> byExtra = messages.stream()
                .collect(Collectors.groupingBy(
                        message -> extra.getOrDefault(message.wake().id(), Duration.ZERO)));
        byExtra.forEach((wait, alike) -> {
            if (wait.isZero()) {
                claim(alike, then);
            } else {
                runtime.executeAfter(wait, () -> claim(alike, then));
            }
        });
    }

    private void failed(List<WakeMessage> messages, RuntimeException e, Runnable again) {
        if (gate.failed(e)) {
            runtime.executeAfter(RETRY, again);
        } else {
            messages.forEach(message -> message.receipt().acknowledge());
        }
    }

    /**
     * Raises the numbers of redelivered wakes before their attempts begin. Another server's sweeper, which has waited for the same time, then finds
     * them changed; if it was first, they are stale here.
     */
    private void claim(List<WakeMessage> messages, Consumer<WakeMessage> then) {
        Map<NotificationId, Wake> claims = new LinkedHashMap<>();
        for (WakeMessage message : messages) {
            if (message.receipt().isOpen() && !inFlights.contains(message.wake().id())) {
                claims.merge(message.wake().id(), message.wake(), (a, b) -> a.number() >= b.number() ? a : b);
            }
        }
        Map<NotificationId, Wake> claimed = new HashMap<>();
        try {
            for (Wake raised : claims.isEmpty() ? List.<Wake>of() : store.rearm(List.copyOf(claims.values()), true)) {
                claimed.put(raised.id(), raised);
            }
        } catch (RuntimeException e) {
            failed(messages, e, () -> claim(messages, then));
            return;
        }
        for (WakeMessage message : messages) {
            Wake requested = claims.get(message.wake().id());
            Wake raised = message.wake().equals(requested)
                    ? claimed.remove(message.wake().id())
                    : null;
            then.accept(raised == null ? message : new WakeMessage(raised, true, message.receipt()));
        }
    }

    /**
     * Acknowledges a stale wake. If it was redelivered, the server that settled its attempt may have died before it scheduled the next wake, which
     * is therefore re-armed. If that one is already due, it may be in flight on another server and is left to the sweeper.
     */
    void drop(WakeMessage message, @Nullable Delivery delivery, Failure onFailure) {
        Long due = delivery == null ? null : delivery.nextAttemptAt();
        if (message.redelivered()
                && delivery != null
                && due != null
                && due > runtime.now() + WakeQueue.REARM_AHEAD.toMillis()
                && delivery.wakeLocation() == WakeLocation.QUEUED
                && !inFlights.contains(delivery.id())) {
            runtime.execute(() -> {
                try {
                    Wake next = new Wake(delivery.id(), delivery.wakeNumber(), due);
                    wakes.rearm(List.of(next), Cause.REDELIVERED, runtime.now());
                } catch (RuntimeException e) {
                    onFailure.failed(message, e);
                    return;
                }
                message.receipt().acknowledge();
            });
        } else {
            message.receipt().acknowledge();
        }
    }

    /** Handles a wake that could not be dropped because the store failed. */
    @FunctionalInterface
    interface Failure {
        void failed(WakeMessage message, RuntimeException cause);
    }
}
