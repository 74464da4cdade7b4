package dev.rung.core.port;

import dev.rung.core.model.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Delivers wakes when they are due. It may lose, repeat, delay or reorder them; the flow tolerates that. Thread-safe.
 *
 * <p>The number of unacknowledged wake messages is limited by the prefetch: further ones are delivered as earlier ones are acknowledged. A
 * wake is delivered when due, never more than a millisecond early. An implementation may divide a long wait into several hops.
 */
public interface WakeQueue extends AutoCloseable {
    /**
     * A wake that may be lost, but may as well be delivered, is re-armed only if it is due later than this from now: one that is due earlier may be in
     * flight on another server before its raised number is stored.
     */
    Duration REARM_AHEAD = Duration.ofSeconds(1);

    /** Starts delivering wakes and reporting events. Called once. */
    void start(Listener listener);

    /**
     * Schedules wakes.
     *
     * @return completes, never exceptionally, with the wakes that the queue did not confirm; empty: all were confirmed
     */
    CompletionStage<List<Wake>> schedule(List<Wake> wakes);

    /** The longest wait that the queue accepts. Wakes due later stay in the store until they are promoted. */
    Duration horizon();

    /**
     * Sends a probe through the queue of due wakes. It arrives after all wakes that were due before it.
     *
     * @return completes with true when the probe is back, with false when it could not be sent or was lost
     */
    CompletionStage<Boolean> probe();

    /** Whether a wake due at this time may still be in a delay queue, so that it does not count as lost yet. May block. */
    boolean mayStillHold(long dueAt);

    /** Whether a wake due at this time may be in a stalled delay queue, which {@link #mayStillHold} ignores. */
    default boolean isHeldBack(long dueAt) {
        return false;
    }

    /**
     * A counter that rises when a stalled delay queue resumes: the wakes that it held may now be delivered and in flight. Decisions based on
     * an earlier value must be repeated.
     */
    default long resumptions() {
        return 0;
    }

    /** Stops delivering until {@link #resume()}: the store is unavailable, or the server drains. Delivered wakes can still be acknowledged. */
    void pause();

    /** Continues delivering. */
    void resume();

    /** Whether wakes can be scheduled now. */
    boolean isConnected();

    /** Whether other processes receive wakes from the same queue. */
    boolean isShared();

    /** Queues of the broker that do not release expired messages or accept no new ones; new wakes avoid them. */
    default List<String> stalledQueues() {
        return List.of();
    }

    /** How many times a queue became one of {@link #stalledQueues} since the process started. */
    default long stalls() {
        return 0;
    }

    /** Messages in each queue, by name; empty when unknown at the moment. May block. */
    Map<String, Long> depths();

    @Override
    void close();

    /** Receives due wakes and events of the queue. Called by any thread; must return quickly. */
    interface Listener {
        /** Wakes are due. */
        void due(List<WakeMessage> messages);

        /**
         * The queue has lost all wakes scheduled before (a new broker, or a wiped one): all queued deliveries must be re-armed.
         *
         * @return completes when they are; exceptionally when they could not be. The queue calls again, also after a restart, until it has
         *     completed normally
         */
        CompletionStage<@Nullable Void> forgotten();

        /** Wakes were returned as unroutable, were dead-lettered, or may be lost and are due later than {@link #REARM_AHEAD}: they must be re-armed. */
        void lost(List<Wake> wakes);
    }

    /**
     * A wake that is due, not yet acknowledged.
     *
     * @param redelivered it was delivered before, to any process, and not acknowledged: an attempt may have been made
     */
    record WakeMessage(Wake wake, boolean redelivered, Receipt receipt) {}

    /** Settles a wake message. {@link #acknowledge} or {@link #handBack} is called once; further calls have no effect. */
    interface Receipt {
        /** The wake is handled: removes it from the queue. */
        void acknowledge();

        /**
         * The wake was not handled: returns it to the queue, which delivers it again to any process. Its {@code redelivered} flag does not
         * change.
         */
        void handBack();

        /**
         * Whether the message is still unsettled. If not, and neither method was called, its connection is closed, and the queue delivers the
         * wake again to any process.
         */
        boolean isOpen();
    }
}
