package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;

/** Something to publish, and what follows from how that ends. Exactly one of the two ends is called, once, from any thread. */
interface Publication {
    /** Persistent, and nothing else: no headers travel along, whatever the message went through before. */
    AMQP.BasicProperties PERSISTENT =
            new AMQP.BasicProperties.Builder().deliveryMode(2).build();

    /** Where to and what: asked for at the moment of sending, for what is left of a wait is less by then. */
    Parcel parcel();

    /** It is in a queue. */
    void confirmed();

    void unconfirmed(Fate fate);

    /** What is known of a publication that was not confirmed. */
    enum Fate {
        /** It is in no queue. */
        NOT_TAKEN,
        /** It may be in a queue. */
        UNKNOWN
    }

    /** What goes over the wire. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to a socket; compared by those who know
    record Parcel(String exchange, String key, AMQP.BasicProperties properties, byte[] body) {
        Parcel(String exchange, String key, WakeFrame message) {
            this(exchange, key, PERSISTENT, message.bytes());
        }
    }
}
