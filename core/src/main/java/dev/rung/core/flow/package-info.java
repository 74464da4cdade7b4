/**
 * The walk of a notification: {@link dev.rung.core.flow.Intake} commits it, {@link dev.rung.core.flow.Dispatcher}
 * looks at it when a wake says so and attempts it, {@link dev.rung.core.flow.Sweeper} re-arms what the queue let slip.
 *
 * <p>All branching lives here; nothing here knows SQL, AMQP or HTTP. Nothing blocks except calls to the store, and
 * every such call runs on the injected executor, so that a simulation can replay a history from one seed.
 */
@NullMarked
package dev.rung.core.flow;

import org.jspecify.annotations.NullMarked;
