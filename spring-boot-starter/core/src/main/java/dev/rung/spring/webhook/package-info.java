/** The receiving side: {@link dev.rung.spring.webhook.RungWebhook} marks a handler of notifications. */
@NullMarked
package dev.rung.spring.webhook;

import org.jspecify.annotations.NullMarked;
