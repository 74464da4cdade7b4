/**
 * What Rung knows, as pure values: no clock, no input or output, no framework.
 *
 * <p>Read {@link dev.rung.core.model.Delivery} first: it is a notification as the dispatcher sees it, and {@link
 * dev.rung.core.model.Delivery#after} is the one place where a ladder is climbed.
 */
@NullMarked
package dev.rung.core.model;

import org.jspecify.annotations.NullMarked;
