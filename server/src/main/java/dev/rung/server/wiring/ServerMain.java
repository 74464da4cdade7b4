package dev.rung.server.wiring;

import dev.rung.server.settings.Settings;

/** Runs a server from settings to its end. */
@SuppressWarnings("DoNotCallSuggester")
public final class ServerMain {
    private ServerMain() {}

    /**
     * Starts a server and returns when it has ended, with the exit code.
     *
     * <p>Once ready it writes {@link dev.rung.server.settings.RunningServer} into the data dir and prints its address.
     */
    public static int run(Settings settings) {
        throw new IllegalStateException("to be written: " + settings.listen());
    }
}
