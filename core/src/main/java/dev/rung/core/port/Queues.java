package dev.rung.core.port;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one message broker, or the process itself, carries: wakes, submitted notifications, events between servers. Thread-safe. Its parts
 * are closed by those who opened them.
 */
public interface Queues {

    /** The queue of wakes, always the same one, not started. */
    WakeQueue wakes();

    /**
     * Opens the source of submitted notifications, not started.
     *
     * @return empty if producers cannot submit through this kind of queue
     */
    Optional<SubmissionSource> submissions(SubmissionSource.Handler handler);

    /**
     * Opens the broadcast between servers, not started.
     *
     * @param listener receives what other servers publish, on one thread; must return quickly
     * @return empty if there are no other servers on this kind of queue
     */
    Optional<ClusterEvents> events(Consumer<byte[]> listener);

    /** Tells which waits will be frequent, so that a queue whose delays are made in advance can make them. Any other wait works as well. */
    void addDelays(Collection<Duration> steps);

    /** Why wakes may be late, naming no hosts; empty when the queue works as it should. */
    List<String> problems();

    /** Tells, before the end of an orderly shutdown, that every attempt has ended and is settled. */
    void drained();
}
