/** What the ports are in the world: databases, queues, HTTP. Each adapter is blind to the others. */
@NullMarked
package dev.rung.adapter;

import org.jspecify.annotations.NullMarked;
