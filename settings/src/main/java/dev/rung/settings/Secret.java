package dev.rung.settings;

/** A secret text; prints as {@code (secret)}. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
