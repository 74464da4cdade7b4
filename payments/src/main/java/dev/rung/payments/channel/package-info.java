/**
 * The interfaces that a channel implements, in this repository or in a plugin. Read {@link dev.rung.payments.channel.ChannelType} first, which
 * describes a type of channel and opens its accounts; then {@link dev.rung.payments.port.PaymentChannel}, the open account. {@link
 * dev.rung.payments.bill.BillFormat} reads bills.
 */
@NullMarked
package dev.rung.payments.channel;

import org.jspecify.annotations.NullMarked;
