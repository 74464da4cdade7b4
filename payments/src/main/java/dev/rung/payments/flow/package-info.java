/** The life of a payment: placed, called back, queried, closed. */
@NullMarked
package dev.rung.payments.flow;

import org.jspecify.annotations.NullMarked;
