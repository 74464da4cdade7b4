/**
 * The commands. {@link dev.rung.cli.Commands} is the root; each command is a class. Only {@link
 * dev.rung.cli.Serve} starts Spring: the others are over before it would have woken up.
 */
@NullMarked
package dev.rung.cli;

import org.jspecify.annotations.NullMarked;
