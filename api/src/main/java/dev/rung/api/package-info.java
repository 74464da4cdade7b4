/**
 * The resources of the HTTP API: notifications, merchants, ladders, payments, discrepancies, events and operations.
 *
 * <p>Read {@link dev.rung.api.ApiRoutes} first: it lists all routes. {@link dev.rung.api.NotificationRequestReader} validates notifications from
 * HTTP and AMQP.
 */
@NullMarked
package dev.rung.api;

import org.jspecify.annotations.NullMarked;
