/**
 * What operators and consoles see: the flow's events become log lines, metrics and messages on the stream. {@link
 * dev.rung.observability.Observers} hands each event to all of them.
 */
@NullMarked
package dev.rung.observability;

import org.jspecify.annotations.NullMarked;
