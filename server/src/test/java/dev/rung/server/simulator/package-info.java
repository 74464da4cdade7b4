/** The simulated bank within a server. */
package dev.rung.server.simulator;
