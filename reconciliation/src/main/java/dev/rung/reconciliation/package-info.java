/**
 * Channels' bills, and what differs between them and the payments here. Read {@link dev.rung.reconciliation.Bill} first, then {@link
 * dev.rung.reconciliation.Reconciliation}.
 */
@NullMarked
package dev.rung.reconciliation;

import org.jspecify.annotations.NullMarked;
