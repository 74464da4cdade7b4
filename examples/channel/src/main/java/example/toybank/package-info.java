/**
 * A toy bank as a plugin, written against the channel port and the JDK alone. {@link example.toybank.ToyBankType} is what Rung finds, {@link
 * example.toybank.ToyBankChannel} is Rung's side, {@link example.toybank.ToyBank} the bank with its HTTP server.
 */
@NullMarked
package example.toybank;

import org.jspecify.annotations.NullMarked;
