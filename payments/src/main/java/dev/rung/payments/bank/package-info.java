/**
 * What the simulated bank knows and decides, apart from how it is spoken to: {@link dev.rung.payments.bank.BankOrder} first, then the
 * {@link dev.rung.payments.bank.BankLedger} that keeps it.
 *
 * <p>It is the other side of a channel, not part of Rung's own payments: nothing in {@code flow} knows it.
 */
@NullMarked
package dev.rung.payments.bank;

import org.jspecify.annotations.NullMarked;
