package dev.rung.delivery.http;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The destination of connections: connections of one route are interchangeable.
 *
 * @param host a name in lower case, or a literal address, IPv6 without brackets
 * @param identity the TLS of a receiver with a private authority or a client certificate; null: that of all others
 */
record ConnectionRoute(
        boolean tls, String host, int port, @Nullable SSLContext identity) {
    /** The same destination with the TLS of a receiver. */
    ConnectionRoute withIdentity(SSLContext own) {
        return tls ? new ConnectionRoute(true, host, port, own) : this;
    }
}
