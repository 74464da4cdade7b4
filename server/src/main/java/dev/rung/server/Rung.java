package dev.rung.server;

import dev.rung.cli.Commands;
import dev.rung.server.wiring.ServerMain;

/** The program: {@code rung COMMAND}. */
public final class Rung {
    private Rung() {}

    public static void main(String[] args) {
        System.exit(Commands.run(new ServerMain(), args));
    }
}
