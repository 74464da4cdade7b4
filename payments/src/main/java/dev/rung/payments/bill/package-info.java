/**
 * How a channel's bill is read, for channels that bring a format of their own: {@link dev.rung.payments.bill.BillFormat} first, then {@link
 * dev.rung.payments.bill.BillLines}.
 */
@NullMarked
package dev.rung.payments.bill;

import org.jspecify.annotations.NullMarked;
