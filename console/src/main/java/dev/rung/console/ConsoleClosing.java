package dev.rung.console;

import java.time.Duration;

/** Says when the server stops, so that streams to open pages end. */
@FunctionalInterface
public interface ConsoleClosing {
    /** Waits; returns early, with {@code true}, when the server stops. */
    boolean await(Duration most) throws InterruptedException;
}
