package dev.rung.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the jar's manifest. */
public final class VersionProvider implements IVersionProvider {

    /** Such as {@code 1.2.0}; {@code dev} when run from classes. */
    public static String text() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Rung " + text()};
    }
}
