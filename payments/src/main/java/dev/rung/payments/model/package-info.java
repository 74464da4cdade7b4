/** What a payment is and what may become of it, as pure values. Read {@link dev.rung.payments.model.Payment} first. */
@NullMarked
package dev.rung.payments.model;

import org.jspecify.annotations.NullMarked;
