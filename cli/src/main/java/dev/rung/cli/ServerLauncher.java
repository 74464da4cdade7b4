package dev.rung.cli;

import dev.rung.settings.Settings;
import java.net.URI;

/** Runs a server from settings to its end. Implemented by the module that wires the server, so that commands need not see it. */
@FunctionalInterface
public interface ServerLauncher {

    /** What runs beside a server in the same process. Each method is called once, in this order, by the thread that runs the server. */
    interface Companion {
        /** Name of the command that started the server. */
        String command();

        /** The server accepts requests. */
        void ready(URI address);

        /** The server is about to stop and still accepts requests. Called even if {@link #ready} failed. */
        void stopping();

        /** The server has stopped and closed its stores. Called even if it never started. */
        void ended();
    }

    /** The companion of {@code rung serve}: does nothing. */
    Companion NO_COMPANION = new Companion() {
        @Override
        public String command() {
            return "serve";
        }

        @Override
        public void ready(URI address) {}

        @Override
        public void stopping() {}

        @Override
        public void ended() {}
    };

    /**
     * Starts a server and returns its exit code when it has ended.
     *
     * <p>Once ready it writes {@link dev.rung.settings.RunningServer} into the data dir and prints its address.
     */
    int run(Settings settings, Companion companion);
}
