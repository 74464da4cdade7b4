/**
 * The way of a notification: {@link dev.rung.core.flow.Intake} commits it, {@link dev.rung.core.flow.Dispatcher} handles its wakes and
 * begins its attempts, {@link dev.rung.core.flow.Sweeper} re-arms wakes that the queue has lost.
 *
 * <p>All decisions are made here, independent of SQL, AMQP and HTTP. Only calls of the store block, and each of them runs on the injected
 * executor, so that a simulation can replay a history from one seed.
 */
@NullMarked
package dev.rung.core.flow;

import org.jspecify.annotations.NullMarked;
