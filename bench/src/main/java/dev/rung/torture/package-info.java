/**
 * Fault injection on a private cluster: three RabbitMQ nodes, PostgreSQL with a streaming replica and two servers, all started on this
 * machine, a seeded schedule of faults under load, and a checker that compares the accepted notifications with the merchant's requests and
 * the recorded attempts.
 *
 * <p>Read {@link dev.rung.torture.TortureCommand} first, then {@link dev.rung.server.torture.TortureRun}.
 */
@NullMarked
package dev.rung.torture;

import org.jspecify.annotations.NullMarked;
