/**
 * The ports' contracts as tests. An implementation's test implements the interface of its port's contract; {@link
 * dev.rung.core.port.NotificationStoreContract} shows how.
 */
package dev.rung.core.port;
