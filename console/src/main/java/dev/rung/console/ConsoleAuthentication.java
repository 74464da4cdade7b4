package dev.rung.console;

import dev.rung.web.CallerAuthentication;

/** A signed-in user of the console, with the session. */
final class ConsoleAuthentication extends CallerAuthentication {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;

    ConsoleAuthentication(ConsoleSession session) {
        super(session.caller());
        this.session = session;
    }

    ConsoleSession session() {
        return session;
    }
}
