/**
 * The way out: one signed HTTP request to a merchant, within one deadline, never to an address that is not allowed.
 *
 * <p>Read {@link dev.rung.delivery.http.HttpSender} first, then {@code HttpExchange}, which is one attempt from beginning to end.
 *
 * <p>HTTP/1.1 is read by HttpCore 5, the engine of Apache HttpClient 5. HttpClient's own layers above it are left out on purpose:
 * its pool closes connections gracefully while it holds its lock, so that one merchant's stalled TLS could stop everyone's sends,
 * and redirects, cookies, authentication and retries are what must never happen here. What takes their place is {@code ConnectionOpener}
 * and {@code IdleConnections}: nothing in them waits for anyone, because the bulkheads upstream bound what is under way.
 */
@NullMarked
package dev.rung.delivery.http;

import org.jspecify.annotations.NullMarked;
