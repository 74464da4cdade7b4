/** The processing of payments: placement, callback, query, close. Read {@link dev.rung.payments.flow.Payments} first. */
@NullMarked
package dev.rung.payments.flow;

import org.jspecify.annotations.NullMarked;
