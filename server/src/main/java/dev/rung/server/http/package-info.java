/** The HTTP container's connections: how many there are, how long they may take, and which are closed when there are too many. Begin with ConnectionTable. */
@NullMarked
package dev.rung.server.http;

import org.jspecify.annotations.NullMarked;
