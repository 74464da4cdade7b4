/**
 * The command line interface. {@link dev.rung.cli.Commands} is the root command; each command is a class. Only {@link
 * dev.rung.cli.Serve} and {@link dev.rung.cli.Demo} start Spring; the others finish faster than it starts.
 */
@NullMarked
package dev.rung.cli;

import org.jspecify.annotations.NullMarked;
