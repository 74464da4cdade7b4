package dev.rung.server;

import dev.rung.server.cli.Commands;

/** The program: {@code rung COMMAND}. */
public final class Rung {
    private Rung() {}

    public static void main(String[] args) {
        System.exit(Commands.run(args));
    }
}
