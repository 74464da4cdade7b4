/**
 * Tests for channel adapters. Extend {@link dev.rung.channel.testkit.ChannelContract} and implement {@link
 * dev.rung.channel.testkit.BankSide}; {@link dev.rung.channel.testkit.ChannelTestServer} replaces the Rung server.
 */
@NullMarked
package dev.rung.channel.testkit;

import org.jspecify.annotations.NullMarked;
