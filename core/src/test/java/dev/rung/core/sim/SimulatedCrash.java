package dev.rung.core.sim;

/** Unwinds what a killed process was doing. An error, so that nothing in the flow takes it for a failure to be handled. */
final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash() {
        super("the process was killed", null, false, false);
    }
}
