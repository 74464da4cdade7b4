package dev.rung.console;

/**
 * How browsers reach this server.
 *
 * @param tls whether they use TLS to this server or to a proxy in front of it
 */
public record PublicExposure(boolean tls) {}
