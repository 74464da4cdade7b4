/**
 * What channels' gateways have in common: calls with a total deadline and bounded answers, RSA keys and signatures, and JSON that keeps digits as they
 * stand. Channels' adapters are built on it; it knows none of them.
 */
@NullMarked
package dev.rung.channel.gateway;

import org.jspecify.annotations.NullMarked;
