/**
 * The commands. {@link dev.rung.server.cli.Commands} is the root; each command is a class. Only {@link
 * dev.rung.server.cli.Serve} starts Spring: the others are over before it would have woken up.
 */
@NullMarked
package dev.rung.server.cli;

import org.jspecify.annotations.NullMarked;
