/**
 * The deterministic simulation: servers, a broker, merchants and a producer live 24 hours in a second or two of one thread, and one seed
 * replays one history of crashes, losses and repeats. Read {@link dev.rung.core.sim.Simulation} first, then {@link
 * dev.rung.core.sim.InvariantChecker}, which says what must be true.
 */
package dev.rung.core.sim;
