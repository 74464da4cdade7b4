/**
 * What the flow asks of the world: a store, a queue of wakes, a sender, a clock's timers.
 *
 * <p>Each port's Javadoc is its contract; a set of tests holds every implementation to it. Read {@link
 * dev.rung.core.port.NotificationStore} first.
 */
@NullMarked
package dev.rung.core.port;

import org.jspecify.annotations.NullMarked;
