/**
 * The channel {@code simulator}, and the bank behind it. They meet only over HTTP, each with a key pair of its own: {@link
 * dev.rung.channel.simulator.SimulatorChannel} is Rung's side, {@link dev.rung.channel.simulator.SimulatedBank} the bank's, with its gateway, its
 * page for a payer, and its callbacks.
 */
@NullMarked
package dev.rung.channel.simulator;

import org.jspecify.annotations.NullMarked;
