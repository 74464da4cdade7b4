/**
 * The Java SDK: {@link dev.rung.client.RungClient} for senders of notifications; {@link dev.rung.client.WebhookVerifier} and {@link
 * dev.rung.client.OncePerWebhook} for receivers.
 *
 * <p>Requires Java 17 and nothing else. Nullable values are marked {@code @Nullable}. Unknown members of a newer server are ignored, unknown enum
 * values are read as {@code UNKNOWN}.
 */
@NullMarked
package dev.rung.client;

import org.jspecify.annotations.NullMarked;
