/**
 * What operators and consoles see: the flow's events become log lines, metrics and messages on the stream. {@link
 * dev.rung.server.observe.Observers} hands each event to all of them.
 */
@NullMarked
package dev.rung.server.observe;

import org.jspecify.annotations.NullMarked;
