/**
 * Sends one signed HTTP request to a merchant within one deadline, and never to an address that is not allowed.
 *
 * <p>Read {@link dev.rung.delivery.http.HttpSender} first, then {@code HttpExchange}, which is one attempt from start to end.
 *
 * <p>HTTP/1.1 responses are parsed by HttpCore 5, the basis of Apache HttpClient 5. HttpClient itself is not used: its pool closes
 * connections gracefully while it holds its lock, so that one merchant's stalled TLS could block all sends, and redirects, cookies,
 * authentication and retries must never happen here. {@code ConnectionOpener} and {@code IdleConnections} replace it; they never wait
 * for a connection, because the bulkheads upstream limit the attempts in flight.
 */
@NullMarked
package dev.rung.delivery.http;

import org.jspecify.annotations.NullMarked;
