package dev.rung.core.flow;

import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A wake queue controlled by a test. It keeps what is scheduled and delivers nothing by itself. */
final class ManualWakeQueue implements WakeQueue {
    final List<Wake> scheduled = new ArrayList<>();
    /** Wakes that are confirmed only by {@link #confirm}; null: all wakes are confirmed at once. */
    @Nullable List<CompletableFuture<List<Wake>>> unconfirmed;
    /** Makes the next call of schedule fail with this exception. */
    @Nullable RuntimeException defect;

    boolean shared;
    boolean connected = true;
    /** Whether nothing that is scheduled is confirmed. */
    boolean refusing;
    /** Whether probes come back. */
    boolean probesReturn = true;
    /** Whether a moving delay queue may hold what is due. */
    boolean holding;
    /** Whether a stalled one may. */
    boolean heldBack;

    long resumptions;
    volatile boolean paused;
    /** Runs at the start of each pause. */
    Runnable onPause = () -> {};

    private @Nullable Listener listener;

    Listener listener() {
        return Objects.requireNonNull(listener, "the engine has started");
    }

    /** Confirms all waiting wakes. */
    void confirm() {
        List<CompletableFuture<List<Wake>>> waiting = List.copyOf(Objects.requireNonNull(unconfirmed));
        Objects.requireNonNull(unconfirmed).clear();
        waiting.forEach(each -> each.complete(List.of()));
    }

    /** Delivers a wake to the engine over a connection. */
    void deliver(Wake wake, boolean redelivered, HandReceipt receipt) {
        listener().due(List.of(new WakeMessage(wake, redelivered, receipt)));
    }

    /** The end of a delivery, and whether its connection is open. */
    static final class HandReceipt implements Receipt {
        boolean open = true;
        boolean acknowledged;
        boolean handedBack;

        @Override
        public void acknowledge() {
            acknowledged = open;
            open = false;
        }

        @Override
        public void handBack() {
            handedBack = open;
            open = false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }

    @Override
    public void start(Listener fresh) {
        listener = fresh;
    }

    @Override
    public CompletionStage<List<Wake>> schedule(List<Wake> wakes) {
        RuntimeException failure = defect;
        if (failure != null) {
            defect = null;
            throw failure;
        }
        if (refusing) {
            return CompletableFuture.completedStage(wakes);
        }
        scheduled.addAll(wakes);
        if (unconfirmed == null) {
            return CompletableFuture.completedStage(List.of());
        }
        CompletableFuture<List<Wake>> confirmed = new CompletableFuture<>();
        unconfirmed.add(confirmed);
        return confirmed;
    }

    @Override
    public Duration horizon() {
        return Duration.ofMinutes(15);
    }

    @Override
    public CompletionStage<Boolean> probe() {
        return CompletableFuture.completedStage(probesReturn);
    }

    @Override
    public boolean mayStillHold(long dueAt) {
        return holding;
    }

    @Override
    public boolean isHeldBack(long dueAt) {
        return heldBack;
    }

    @Override
    public long resumptions() {
        return resumptions;
    }

    @Override
    public void pause() {
        onPause.run();
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public Map<String, Long> depths() {
        return Map.of();
    }

    @Override
    public void close() {}
}
