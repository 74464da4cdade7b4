/** What every implementation of a port of payments is held to. An implementation's test class implements the contract's interface. */
package dev.rung.payments.port;
