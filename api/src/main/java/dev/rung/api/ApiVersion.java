package dev.rung.api;

/** The version of the server. */
public record ApiVersion(String text) {}
