package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.Sender;
import java.util.function.Supplier;

/** What lives in a simulation beside notifications, such as payments: a part of every server, and people of its own. */
public interface SimulationExtension {
    SimulationExtension NONE = new SimulationExtension() {};

    /** The world begins: time to plan the day. */
    default void startWorld(World world) {}

    /** A process begins: the ports that its engine is to have. */
    default Engine.Ports decoratePorts(Process process, EngineRuntime runtime, Ids ids, Engine.Ports ports) {
        return ports;
    }

    /** Its engine is about to start. */
    default void begin(Process process, Engine engine) {}

    /** A record was stored. */
    default void inserted(NotificationDetail record) {}

    /** Nothing goes wrong any more. */
    default void stopFaults() {}

    /** Whether nothing is to be waited for. */
    default boolean isIdle() {
        return true;
    }

    /** At the end of all things: what is not as it must be is {@link World#violated}. */
    default void checkAtEnd() {}

    /** The world as a extension sees it. */
    interface World {
        /** Epoch milliseconds. */
        long now();

        boolean chance(double probability);

        /** From 0 inclusive to the bound exclusive; 0 when the bound is 0. */
        int upTo(int bound);

        void at(long time, Runnable what);

        /** What a thread that waits does: meanwhile everything else goes on. */
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

        /** The task, as this process does it: not at all once it is dead. */
        Runnable task(Runnable task);

        /** Where it may die: before and after every effect on the world. */
        void step();

        /** A port as this process has it: it takes time, and the process may die before a call or after. */
        <T> T guarded(Class<T> port, T world);

        /** The sender, whose requests are to be seen like merchants' are. */
        Sender observed(Sender sender);
    }
}
