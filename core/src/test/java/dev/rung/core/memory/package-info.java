/**
 * In-memory stores that pass the same contracts as the real ones, for the simulation and for tests of code that uses a
 * store.
 */
package dev.rung.core.memory;
