package dev.rung.cli;

/** A progress line on interactive terminals; cleared before other output. Not thread-safe. */
final class Progress {
    private final Terminal terminal;
    private int shown;

    Progress(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(String text) {
        if (terminal.interactive()) {
            clear();
            terminal.err().print(text);
            terminal.err().flush();
            shown = TextWidth.of(text);
        }
    }

    /** Overwrites the line with spaces, which every terminal supports. */
    void clear() {
        if (shown > 0) {
            terminal.err().print("\r" + " ".repeat(shown) + "\r");
            terminal.err().flush();
            shown = 0;
        }
    }
}
