/**
 * The channel {@code simulator} and the bank behind it. They communicate only over HTTP, each with its own key pair: {@link
 * dev.rung.channel.simulator.SimulatorChannel} is the adapter, {@link dev.rung.channel.simulator.SimulatedBank} the bank with its gateway,
 * pay page and callbacks.
 */
@NullMarked
package dev.rung.channel.simulator;

import org.jspecify.annotations.NullMarked;
