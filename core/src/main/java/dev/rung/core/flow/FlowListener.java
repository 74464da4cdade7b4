package dev.rung.core.flow;

/** Receives the engine's events. Called by any thread; must return quickly and not throw. */
@FunctionalInterface
public interface FlowListener {
    void on(FlowEvent event);
}
