/**
 * Secrets and signatures: how signing keys are made, kept sealed, and used.
 *
 * <p>Read {@link dev.rung.adapter.crypto.SigningKeys} first. Nothing here knows of sockets or databases.
 */
@NullMarked
package dev.rung.adapter.crypto;

import org.jspecify.annotations.NullMarked;
