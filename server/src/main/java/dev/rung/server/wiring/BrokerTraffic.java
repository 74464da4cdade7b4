package dev.rung.server.wiring;

import dev.rung.queue.rabbitmq.RabbitIntake;
import dev.rung.queue.rabbitmq.RabbitSettings;
import dev.rung.queue.rabbitmq.RabbitStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** What goes through the broker beside wakes: submissions in, events to and from the other servers. Without a broker it is idle. */
final class BrokerTraffic implements SmartLifecycle {
    private final @Nullable RabbitIntake intake;
    private final @Nullable RabbitStream stream;
    private volatile boolean running;

    /**
     * @param settings null: there is no broker
     */
    BrokerTraffic(@Nullable RabbitSettings settings, RabbitIntake.Handler submissions, ClusterEventStream shared) {
        intake = settings == null ? null : RabbitIntake.open(settings, submissions);
        stream = settings == null ? null : RabbitStream.open(settings, shared::heard);
        if (stream != null) {
            shared.by(stream);
        }
    }

    @Override
    public void start() {
        running = true;
        if (stream != null && intake != null) {
            stream.start();
            intake.start();
        }
    }

    @Override
    public void stop(Runnable whenStopped) {
        running = false;
        Thread.ofVirtual().name("rung-broker-stop").start(() -> {
            try {
                if (stream != null && intake != null) {
                    intake.close();
                    stream.close();
                }
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

    /** With the API: both bring notifications in. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
