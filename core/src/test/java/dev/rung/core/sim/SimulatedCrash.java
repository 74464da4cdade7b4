package dev.rung.core.sim;

/** Unwinds the stack of a killed process. An Error, so that the flow does not handle it as a failure. */
final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash() {
        super("the process was killed", null, false, false);
    }
}
