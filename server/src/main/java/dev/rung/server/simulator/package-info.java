/** Where the simulated bank is spoken to: on the server's own port, under a path of its own, so that nothing else must be opened. */
@NullMarked
package dev.rung.server.simulator;

import org.jspecify.annotations.NullMarked;
