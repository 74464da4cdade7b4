package dev.rung.cli;

import dev.rung.settings.Settings;
import java.net.URI;

/** Runs a server until it stops. Implemented by the server module, so that commands do not depend on it. */
@FunctionalInterface
public interface ServerLauncher {

    /** Runs beside a server in the same process. Each method is called once, in this order, by the thread that runs the server. */
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
     * Runs a server until it stops and returns its exit code.
     *
     * <p>Once ready it writes {@link dev.rung.settings.RunningServer} into the data dir and prints its address.
     */
    int run(Settings settings, Companion companion);
}
