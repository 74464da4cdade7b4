/** Stores in memory that keep the same contracts as the real ones: for the simulation, and for tests of what uses a store. */
package dev.rung.core.memory;
