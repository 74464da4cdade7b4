package dev.rung.server.wiring;

import java.util.Objects;

/** This program's version. */
final class ServerVersion {
    private ServerVersion() {}

    /** As the jar's manifest says; run from classes it has none. */
    static String text() {
        return Objects.requireNonNullElse(ServerVersion.class.getPackage().getImplementationVersion(), "dev");
    }
}
