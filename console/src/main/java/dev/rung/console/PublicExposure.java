package dev.rung.console;

/**
 * How browsers reach this server.
 *
 * @param tls whether they speak TLS to it, or to a proxy in front
 * @param behindProxy whether a proxy in front says where they are
 */
public record PublicExposure(boolean tls, boolean behindProxy) {}
