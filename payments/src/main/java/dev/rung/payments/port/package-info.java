/** What payments ask of the world: channels that take money, and a store. Read {@link dev.rung.payments.port.PaymentChannel} first. */
@NullMarked
package dev.rung.payments.port;

import org.jspecify.annotations.NullMarked;
