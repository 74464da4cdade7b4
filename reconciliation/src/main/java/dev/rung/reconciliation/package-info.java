/**
 * Channels' bills, and their differences from Rung's payments. Read {@link dev.rung.reconciliation.Bill} first, then
 * {@link dev.rung.reconciliation.Reconciliation}.
 */
@NullMarked
package dev.rung.reconciliation;

import org.jspecify.annotations.NullMarked;
