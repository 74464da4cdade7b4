package dev.rung.api;

/** Limits of all lists. */
final class Lists {
    static final int LIMIT_DEFAULT = 50;
    static final int LIMIT_MAX = 1_000;

    private Lists() {}
}
