/** The ports of payments: channels and a store. Read {@link dev.rung.payments.port.PaymentChannel} first. */
@NullMarked
package dev.rung.payments.port;

import org.jspecify.annotations.NullMarked;
