/**
 * Secrets and signatures: how signing keys are made, kept sealed, and used.
 *
 * <p>Read {@link dev.rung.crypto.SigningKeys} first. Nothing here knows of sockets or databases.
 */
@NullMarked
package dev.rung.crypto;

import org.jspecify.annotations.NullMarked;
