/**
 * Logs, metrics and the event stream, all from the events of the flow. {@link dev.rung.observability.Observers} passes each event to all of them.
 */
@NullMarked
package dev.rung.observability;

import org.jspecify.annotations.NullMarked;
