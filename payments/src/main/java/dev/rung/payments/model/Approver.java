package dev.rung.payments.model;

/**
 * A key or a person that requests or gives an approval.
 *
 * @param name for people
 * @param id identifies the key or person
 */
public record Approver(String name, String id) {}
