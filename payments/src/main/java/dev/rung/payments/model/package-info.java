/** Payments and the decisions about them, as pure values. Read {@link dev.rung.payments.model.Payment} first. */
@NullMarked
package dev.rung.payments.model;

import org.jspecify.annotations.NullMarked;
