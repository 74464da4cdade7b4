package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.Sender;
import java.util.function.Supplier;

/** An addition to the simulation, such as payments: a part of every server, with its own users. */
public interface SimulationExtension {
    SimulationExtension NONE = new SimulationExtension() {};

    /** Called at the start of the run, to schedule events. */
    default void startWorld(World world) {}

    /** A process's engine is about to start; returns the sender that it is to use. */
    default Sender begin(Process process, Engine engine, EngineRuntime runtime, Ids ids, Sender sender) {
        return sender;
    }

    /** A record was stored. */
    default void inserted(NotificationDetail record) {}

    /** Called when all faults end. */
    default void stopFaults() {}

    /** Whether the extension has nothing left to do. */
    default boolean isIdle() {
        return true;
    }

    /** Checks at the end of the run; violations are reported to {@link World#violated}. */
    default void checkAtEnd() {}

    /** The world as an extension sees it. */
    interface World {
        /** Epoch milliseconds. */
        long now();

        boolean chance(double probability);

        /** From 0 inclusive to the bound exclusive; 0 when the bound is 0. */
        int upTo(int bound);

        void at(long time, Runnable what);

        /** Blocks the calling task while everything else continues. */
        void sleep(long millis);

        Scenario.FaultProfile faultProfile();

        MemoryNotificationStore store();

        MemoryMerchantStore merchants();

        void violated(String what);

        void count(String what);

        void log(Supplier<String> what);
    }

    /** One run of a server's process. */
    interface Process {
        boolean isAlive();

        /** Wraps a task so that it runs only while the process runs. */
        Runnable task(Runnable task);

        /** A point at which the process may die: before and after every effect. */
        void step();

        /** A port as this process sees it: calls take time, and the process may die before a call or after it. */
        <T> T guarded(Class<T> port, T world);

        /** Wraps a sender so that its requests are checked as those to merchants are. */
        Sender observed(Sender sender);
    }
}
