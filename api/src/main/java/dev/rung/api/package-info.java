/**
 * The resources of the HTTP API: notifications, merchants, ladders, events, the stream, and what operators look at.
 *
 * <p>Read {@link dev.rung.api.ApiRoutes} first: it is the table of all calls. {@link dev.rung.api.NotificationRequestReader}
 * is where a request becomes a draft, for HTTP and AMQP alike.
 */
@NullMarked
package dev.rung.api;

import org.jspecify.annotations.NullMarked;
