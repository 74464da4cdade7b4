/**
 * The interfaces for reading bills in a channel's own format. Read {@link dev.rung.payments.bill.BillFormat} first, then {@link
 * dev.rung.payments.bill.BillLines}.
 */
@NullMarked
package dev.rung.payments.bill;

import org.jspecify.annotations.NullMarked;
