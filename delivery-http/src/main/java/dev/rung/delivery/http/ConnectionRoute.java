package dev.rung.delivery.http;

/**
 * Where connections lead: those of one route may stand in for each other.
 *
 * @param host a name in lower case, or a literal address, IPv6 without brackets
 */
record ConnectionRoute(boolean tls, String host, int port) {}
