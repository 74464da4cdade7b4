/** A store in memory that keeps the same contract as the real ones: for simulations, and for tests of what uses a store. */
package dev.rung.payments.memory;
