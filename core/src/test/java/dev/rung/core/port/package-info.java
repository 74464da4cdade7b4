/**
 * The contracts of the ports as tests. The test class of an implementation implements the interface of the port's
 * contract; {@link dev.rung.core.port.NotificationStoreContract} shows how.
 */
package dev.rung.core.port;
