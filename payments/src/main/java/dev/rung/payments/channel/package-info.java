/**
 * What a channel is built against, in this checkout or in a plugin: {@link dev.rung.payments.channel.ChannelType} first, which describes a kind of
 * channel and opens its accounts; then {@link dev.rung.payments.port.PaymentChannel}, the open account. Bills are read by {@link
 * dev.rung.payments.bill.BillFormat}.
 */
@NullMarked
package dev.rung.payments.channel;

import org.jspecify.annotations.NullMarked;
