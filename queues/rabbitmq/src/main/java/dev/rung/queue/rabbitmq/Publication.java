package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;

/** A message to publish, with callbacks for its result. Exactly one callback is called, once, from any thread. */
interface Publication {
    /** Persistent, without headers: those of earlier hops are not copied. */
    AMQP.BasicProperties PERSISTENT =
            new AMQP.BasicProperties.Builder().deliveryMode(2).build();

    /** The destination and the content, computed when the message is sent, because the remaining wait shrinks until then. */
    OutgoingMessage message();

    /** A queue has confirmed it. */
    void confirmed();

    void unconfirmed(FailureKind failure);

    /** What is known about an unconfirmed publication. */
    enum FailureKind {
        /** It is not in any queue. */
        NOT_TAKEN,
        /** It may be in a queue. */
        UNKNOWN
    }

    /** A message as sent. */
    @SuppressWarnings("ArrayRecordComponent") // sent to a socket; compared by content only in ConfirmWindow
    record OutgoingMessage(String exchange, String key, AMQP.BasicProperties properties, byte[] body) {
        OutgoingMessage(String exchange, String key, WakeFrame message) {
            this(exchange, key, PERSISTENT, message.bytes());
        }
    }
}
