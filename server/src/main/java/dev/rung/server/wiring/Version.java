package dev.rung.server.wiring;

import java.util.Objects;

/** This program's version. */
final class Version {
    private Version() {}

    /** As the jar's manifest says; run from classes it has none. */
    static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "dev");
    }
}
