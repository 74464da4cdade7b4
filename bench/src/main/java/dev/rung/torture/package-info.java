/**
 * Fault injection on a private cluster: three RabbitMQ nodes, PostgreSQL with a streaming replica and two servers, all started on this machine, a
 * seeded schedule of faults under load, and a checker that compares what was accepted with what merchants received and what the records say.
 *
 * <p>Read {@link dev.rung.torture.TortureCommand} first, then {@link dev.rung.server.torture.TortureRun}.
 */
@NullMarked
package dev.rung.torture;

import org.jspecify.annotations.NullMarked;
