package dev.rung.core.model;

/**
 * A due delivery is held back.
 *
 * @param reason the present one
 * @param since when it was first held back after it became due, epoch milliseconds
 */
public record Hold(HoldReason reason, long since) {}
