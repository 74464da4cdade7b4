/**
 * RabbitMQ: the queue of wakes, the intake over AMQP, and the fan-out of events between servers.
 *
 * <p>Read {@link dev.rung.queue.rabbitmq.RabbitWakeQueue} first, then {@code RabbitTopology} for what is declared.
 */
@NullMarked
package dev.rung.queue.rabbitmq;

import org.jspecify.annotations.NullMarked;
