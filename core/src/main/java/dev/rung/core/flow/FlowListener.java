package dev.rung.core.flow;

/** Is told what happened. Called from any thread, must return quickly and not throw. */
@FunctionalInterface
public interface FlowListener {
    void on(FlowEvent event);
}
