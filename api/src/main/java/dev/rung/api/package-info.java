/**
 * The HTTP API: notifications, merchants, ladders, payments, discrepancies, events and operations.
 *
 * <p>{@link dev.rung.api.ApiConfiguration} lists all controllers and services; the services hold the rules, and the console uses them too.
 * {@code ApiSecurityConfiguration} says who may call what. {@link dev.rung.api.NotificationRequestReader} validates notifications from HTTP and AMQP.
 */
@NullMarked
package dev.rung.api;

import org.jspecify.annotations.NullMarked;
