package dev.rung.settings;

/** A text that is never shown: it prints as {@code (secret)}. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
