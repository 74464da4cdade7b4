/**
 * Secrets and signatures: generates, seals and uses signing keys.
 *
 * <p>Read {@link dev.rung.crypto.SigningKeys} first. This package does not depend on sockets or databases.
 */
@NullMarked
package dev.rung.crypto;

import org.jspecify.annotations.NullMarked;
