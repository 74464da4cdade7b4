/**
 * Channels' bills, and what differs between them and the payments here. Read {@link dev.rung.server.bills.Bill} first, then {@link
 * dev.rung.server.bills.Reconciliation}.
 */
@NullMarked
package dev.rung.server.bills;

import org.jspecify.annotations.NullMarked;
