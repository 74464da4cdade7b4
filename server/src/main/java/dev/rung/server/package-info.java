/** The server: wiring, API, settings, commands. */
@NullMarked
package dev.rung.server;

import org.jspecify.annotations.NullMarked;
