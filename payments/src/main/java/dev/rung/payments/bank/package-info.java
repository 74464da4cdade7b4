/**
 * The model of the simulated bank, independent of its protocol. Read {@link dev.rung.payments.bank.BankOrder} first, then {@link
 * dev.rung.payments.bank.BankLedger}, which stores it.
 *
 * <p>The bank is the other side of a channel, not part of Rung's payments: {@code flow} does not depend on it.
 */
@NullMarked
package dev.rung.payments.bank;

import org.jspecify.annotations.NullMarked;
