/** Submits payment results over AMQP. Read {@link example.producer.PaymentResults} first. */
@NullMarked
package example.producer;

import org.jspecify.annotations.NullMarked;
