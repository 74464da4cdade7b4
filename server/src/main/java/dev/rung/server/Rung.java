package dev.rung.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code rung COMMAND}. */
@Command(name = "rung", mixinStandardHelpOptions = true, description = "Payment results, delivered.")
public final class Rung implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Rung()).execute(args));
    }
}
