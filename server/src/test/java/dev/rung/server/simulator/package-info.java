/** Tests of the simulated bank in a server. */
package dev.rung.server.simulator;
