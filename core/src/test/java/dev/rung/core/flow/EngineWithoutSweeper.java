package dev.rung.core.flow;

import dev.rung.core.port.Sender;

/** Starts an engine without its sweeper, so that the simulation can show what the sweeper prevents. */
public final class EngineWithoutSweeper {
    private EngineWithoutSweeper() {}

    public static void start(Engine engine, Sender sender) {
        engine.startWithoutSweeper(sender);
    }
}
