/**
 * The engine's values: no clock, no input or output, no framework.
 *
 * <p>Read {@link dev.rung.core.model.Delivery} first: it is what the dispatcher decides on, and {@link
 * dev.rung.core.model.Delivery#after} is the only place that decides the next step.
 */
@NullMarked
package dev.rung.core.model;

import org.jspecify.annotations.NullMarked;
