package dev.rung.core.port;

import dev.rung.core.model.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carries wakes to the time they are due. It may lose, repeat, delay or reorder them; the flow is built for that.
 * Thread-safe.
 *
 * <p>An implementation holds at most its prefetch of deliveries unacknowledged, so that acknowledging is what lets more in. A wake
 * is delivered when due, never more than a millisecond early; waits longer than one hop are its own business.
 */
public interface WakeQueue extends AutoCloseable {

    /** Begins to deliver, and to tell what happens. Called once. */
    void start(Listener listener);

    /**
     * Sends wakes on their way.
     *
     * @return completes, never exceptionally, with those whose arrival in the queue was not confirmed (empty: all were)
     */
    CompletionStage<List<Wake>> schedule(List<Wake> wakes);

    /** Wakes due later than this from now stay in the store and are brought to the queue when near. */
    Duration horizon();

    /**
     * Sends a probe through the queue of due wakes: it arrives behind everything that was due before it.
     *
     * @return completes with true when it has come back, with false when it could not be sent or did not come back
     */
    CompletionStage<Boolean> probe();

    /** Whether a wake due then may still be on its way in a queue of delays: it is too early to call it lost. May block. */
    boolean mayStillHold(long dueAt);

    /** Whether a wake due then may stand in a delay queue that does not let go of anything: {@link #mayStillHold} does not wait for that one. */
    default boolean isHeldBack(long dueAt) {
        return false;
    }

    /**
     * Rises whenever a delay queue that did not let go moves again: what it held may be delivered now, and be under way. Where it has risen, what was
     * judged before must be judged again.
     */
    default long resumptions() {
        return 0;
    }

    /** Stops delivering until {@link #resume()}: the store is away, or the server drains. What was delivered may still be acknowledged. */
    void pause();

    /** Delivers again. */
    void resume();

    /** Whether wakes can be scheduled now. */
    boolean isConnected();

    /** Whether other processes take wakes from the same queue. */
    boolean isShared();

    /** Queues of the broker that do not let go of their messages, or take none; wakes avoid them. */
    default List<String> stalledQueues() {
        return List.of();
    }

    /** How often a queue was found to be one of {@link #stalledQueues} since the process began. */
    default long stalls() {
        return 0;
    }

    /** Messages in each queue, by name; empty when that cannot be told now. May block. */
    Map<String, Long> depths();

    @Override
    void close();

    /** Who is told. Calls may come from any thread and must return quickly. */
    interface Listener {
        /** Wakes that are due. */
        void due(List<WakeMessage> messages);

        /**
         * The queue has no knowledge of what was scheduled before (a new broker, or a wiped one): everything queued must be
         * re-armed. The stage that is returned completes when that is done; until then the queue remembers that it is owed.
         */
        CompletionStage<@Nullable Void> forgotten();

        /** Wakes that were returned as unroutable or died in the queue: to be re-armed. */
        void lost(List<Wake> wakes);
    }

    /**
     * A wake that is due, not yet acknowledged.
     *
     * @param redelivered it was delivered before, to this process or another, and not acknowledged: an attempt may have been made
     */
    record WakeMessage(Wake wake, boolean redelivered, Receipt receipt) {}

    /** Ends a delivery. One of the two is called, once; a second call does nothing. */
    interface Receipt {
        /** The wake is done with. */
        void acknowledge();

        /**
         * The wake was not looked at, and goes back to be delivered here or elsewhere as it was: one that came for the first time
         * comes as if for the first time, a redelivered one comes redelivered again.
         */
        void handBack();

        /**
         * Whether the queue still waits for this delivery's end. If not, and nobody here ended it, the connection it came by is gone, and its
         * wake is delivered again, here or elsewhere.
         */
        boolean isOpen();
    }
}
