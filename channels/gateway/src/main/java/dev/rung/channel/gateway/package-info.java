/**
 * Shared by channel adapters: gateway calls with a total deadline and bounded responses, RSA keys and signatures, and JSON that keeps the
 * digits of numbers. Knows no particular channel.
 */
@NullMarked
package dev.rung.channel.gateway;

import org.jspecify.annotations.NullMarked;
