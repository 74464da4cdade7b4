/**
 * Payments on the engine. The final state of a payment and the notification of its merchant are committed in one transaction.
 *
 * <p>{@code model} contains the values and the decision ({@link dev.rung.payments.model.Payment#judge}), {@code port} the interfaces to channels
 * and stores, {@code flow} the processing.
 */
@NullMarked
package dev.rung.payments;

import org.jspecify.annotations.NullMarked;
