package dev.rung.console;

import org.jspecify.annotations.Nullable;

/**
 * The settings of the console.
 *
 * @param tls whether browsers reach the console over HTTPS, directly or through a proxy
 * @param oidc null without sign-in by OpenID Connect
 */
public record ConsoleSettings(boolean tls, @Nullable OidcSettings oidc) {}
