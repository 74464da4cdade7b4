/**
 * A toy bank as a plugin, written against the channel port and the JDK alone. Rung finds {@link example.toybank.ToyBankType}; {@link example.toybank.ToyBankChannel} is the adapter, {@link example.toybank.ToyBank} the bank with its HTTP server.
 */
@NullMarked
package example.toybank;

import org.jspecify.annotations.NullMarked;
