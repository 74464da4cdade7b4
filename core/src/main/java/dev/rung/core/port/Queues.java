package dev.rung.core.port;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The queues of one message broker, or of the process itself: wakes, submitted notifications, events between servers. Thread-safe. The
 * caller closes each part that it has obtained.
 */
public interface Queues {

    /** The wake queue, always the same instance; the caller starts it. */
    WakeQueue wakes();

    /**
     * Opens the source of submitted notifications; the caller starts it.
     *
     * @return empty if this kind of queue does not support submissions
     */
    Optional<SubmissionSource> submissions(SubmissionSource.Handler handler);

    /**
     * The submissions that intake rejected; {@link RejectedSubmissions#NONE} if this kind of queue does not support submissions.
     */
    RejectedSubmissions rejectedSubmissions();

    /**
     * Opens the broadcast between servers; the caller starts it.
     *
     * @param listener receives the events of other servers, on one thread; must return quickly
     * @return empty if this kind of queue serves one server only
     */
    Optional<ClusterEvents> events(Consumer<byte[]> listener);

    /** Announces frequent waits, so that an implementation can create its delay queues in advance. Other waits work as well. */
    void addDelays(Collection<Duration> steps);

    /** The reasons why wakes may be late, without host names; empty when there are none. */
    List<String> problems();

    /** Called in an orderly shutdown, when all attempts have ended and are settled. */
    void drained();
}
