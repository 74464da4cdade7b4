package dev.rung.delivery.http;

/**
 * The destination of connections: connections of one route are interchangeable.
 *
 * @param host a name in lower case, or a literal address, IPv6 without brackets
 */
record ConnectionRoute(boolean tls, String host, int port) {}
