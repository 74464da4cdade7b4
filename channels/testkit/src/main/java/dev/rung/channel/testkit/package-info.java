/**
 * What a channel's author tests a channel with. Extend {@link dev.rung.channel.testkit.ChannelContract} and describe the bank's side by a {@link
 * dev.rung.channel.testkit.BankSide}; {@link dev.rung.channel.testkit.ChannelTestServer} stands for Rung.
 */
@NullMarked
package dev.rung.channel.testkit;

import org.jspecify.annotations.NullMarked;
