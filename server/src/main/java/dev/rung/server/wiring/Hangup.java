package dev.rung.server.wiring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The signal SIGHUP, which would end the process by itself. */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** Runs the action on each SIGHUP from now on. */
    static void handle(Runnable action) {
        try {
            Signal.handle(new Signal("HUP"), signal -> action.run());
        } catch (IllegalArgumentException e) {
            LOG.debug("no SIGHUP on this platform, or -Xrs is set", e);
        }
    }
}
