/**
 * Payments on the engine: an order goes through its life, and its end becomes a notification in the same transaction.
 *
 * <p>{@code model} holds the values and the one decision ({@link dev.rung.payments.model.Payment#judge}), {@code port} what is asked of the world,
 * {@code flow} the walk.
 */
@NullMarked
package dev.rung.payments;

import org.jspecify.annotations.NullMarked;
