/**
 * The ports of the flow: a store, a wake queue, a sender, timers.
 *
 * <p>Each port's Javadoc is its contract, and a set of tests verifies every implementation. Read {@link
 * dev.rung.core.port.NotificationStore} first.
 */
@NullMarked
package dev.rung.core.port;

import org.jspecify.annotations.NullMarked;
