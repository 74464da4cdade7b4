/**
 * The deterministic simulation: 24 hours of servers, a broker, merchants and a producer run in a second or two on one
 * thread, and one seed replays one run of crashes, losses and repeats. Read {@link dev.rung.core.sim.Simulation} first,
 * then {@link dev.rung.core.sim.InvariantChecker}, which checks what must be true.
 */
package dev.rung.core.sim;
