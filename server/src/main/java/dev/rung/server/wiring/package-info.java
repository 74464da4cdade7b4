/** Wires the modules together and runs them. */
@NullMarked
package dev.rung.server.wiring;

import org.jspecify.annotations.NullMarked;
