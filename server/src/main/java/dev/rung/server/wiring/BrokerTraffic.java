package dev.rung.server.wiring;

import dev.rung.core.port.ClusterEvents;
import dev.rung.core.port.Queues;
import dev.rung.core.port.SubmissionSource;
import java.util.Optional;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** Starts and stops what a broker carries beside wakes: submissions, and the events of other servers. Idle where the queue offers neither. */
final class BrokerTraffic implements SmartLifecycle {
    private final Optional<SubmissionSource> submissions;
    private final Optional<ClusterEvents> events;
    private volatile boolean running;

    BrokerTraffic(Queues queues, SubmissionSource.Handler handler, ClusterEventStream stream) {
        submissions = queues.submissions(handler);
        events = queues.events(stream::receive);
        events.ifPresent(stream::publishTo);
    }

    @Override
    public void start() {
        running = true;
        events.ifPresent(ClusterEvents::start);
        submissions.ifPresent(SubmissionSource::start);
    }

    @Override
    public void stop(Runnable whenStopped) {
        running = false;
        Thread.ofVirtual().name("rung-broker-stop").start(() -> {
            try {
                submissions.ifPresent(SubmissionSource::close);
                events.ifPresent(ClusterEvents::close);
            } finally {
                whenStopped.run();
            }
        });
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The same as the API's: both accept notifications. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
