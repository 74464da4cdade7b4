/**
 * Rung in a Spring Boot application: properties {@code rung.*}, a client bean, the transactional {@link dev.rung.spring.outbox.Outbox}, and the
 * verified {@link dev.rung.spring.webhook.RungWebhook} argument. Works with Spring Boot 3.5 and 4; the starters add what differs between them.
 */
@NullMarked
package dev.rung.spring;

import org.jspecify.annotations.NullMarked;
