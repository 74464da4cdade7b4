/**
 * The Java SDK. {@link dev.rung.client.RungClient} is for those who send notifications; {@link
 * dev.rung.client.WebhookVerifier} and {@link dev.rung.client.OncePerWebhook} for those who receive them.
 *
 * <p>Needs Java 17 and Jackson 3. What is null is marked {@code @Nullable}; members that a newer server may add are ignored, words that
 * it may add are read as {@code UNKNOWN}.
 */
@NullMarked
package dev.rung.client;

import org.jspecify.annotations.NullMarked;
