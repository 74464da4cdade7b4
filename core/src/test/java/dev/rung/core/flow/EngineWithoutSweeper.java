package dev.rung.core.flow;

/** Starts an engine that looks for no lost wakes, so that the simulation can show what is missed then. */
public final class EngineWithoutSweeper {
    private EngineWithoutSweeper() {}

    public static void start(Engine engine) {
        engine.startWithoutSweeper();
    }
}
