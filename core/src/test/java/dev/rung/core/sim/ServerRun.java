package dev.rung.core.sim;

import java.util.function.Consumer;

/** One run of a server's process, from start to end. Tasks scheduled by an ended run are dropped. */
final class ServerRun {
    final int server;
    final int number;
    private final Consumer<RuntimeException> defects;
    private long diedAt = Long.MAX_VALUE;

    ServerRun(int server, int number, Consumer<RuntimeException> defects) {
        this.server = server;
        this.number = number;
        this.defects = defects;
    }

    boolean isAlive() {
        return diedAt == Long.MAX_VALUE;
    }

    /** Epoch milliseconds of its end; {@link Long#MAX_VALUE} while it runs. */
    long diedAt() {
        return diedAt;
    }

    void die(long now) {
        diedAt = now;
    }

    /** Every port calls this first: a dead process has no effect. */
    void check() {
        if (!isAlive()) {
            throw new SimulatedCrash();
        }
    }

    /** Wraps a task so that it runs only while this process runs. */
    Runnable task(Runnable task) {
        return () -> {
            if (!isAlive()) {
                return;
            }
            try {
                task.run();
            } catch (SimulatedCrash dead) {
                return;
            } catch (RuntimeException e) {
                defects.accept(e);
            }
        };
    }

    @Override
    public String toString() {
        return "server " + server + "." + number;
    }
}
