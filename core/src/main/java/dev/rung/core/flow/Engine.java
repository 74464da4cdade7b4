package dev.rung.core.flow;

import dev.rung.core.model.Draft;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Timer;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The engine as the server holds it: one for a process. Thread-safe.
 *
 * <p>It owns none of its ports: whoever made them closes them, after {@link #drain}.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Engine {

    /** What the engine is built on. */
    public record Ports(
            NotificationStore store,
            MerchantStore merchants,
            WakeQueue queue,
            Sender sender,
            Timer timer,
            InstantSource clock,
            Executor executor,
            Ids ids) {}

    public Engine(Ports ports, Limits limits, FlowListener listener) {
        throw new IllegalStateException("to be written: " + ports + limits + listener);
    }

    /** Begins to deliver and to sweep. */
    public void start() {}

    /**
     * Stores a notification. The stage completes after commit; with {@link dev.rung.core.port.StoreException} when the store could not.
     *
     * @throws Overloaded if too much is waiting to be stored; nothing is kept
     */
    public CompletionStage<Acceptance> accept(Draft draft) {
        throw new IllegalStateException("to be written: " + draft);
    }

    /** Owes an attempt at once; per id false where there is no such notification. */
    public List<Boolean> resend(List<NotificationId> ids) {
        throw new IllegalStateException("to be written: " + ids);
    }

    public Cancellation cancel(NotificationId id) {
        throw new IllegalStateException("to be written: " + id);
    }

    /** The merchant's record was changed through this process: paused, resumed, another bound, other keys. */
    public void merchantChanged(MerchantId id) {}

    public MerchantHealth health(MerchantId id) {
        throw new IllegalStateException("to be written: " + id);
    }

    /** Attempts under way. */
    public int inFlight() {
        return 0;
    }

    /** No new attempts; those under way end and settle. True if all did in time. */
    public boolean drain(Duration atMost) {
        return atMost.isNegative();
    }
}
