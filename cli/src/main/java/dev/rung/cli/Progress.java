package dev.rung.cli;

/** One line that says how far long work has come: on a terminal only, and gone when there is something else to say. For one thread. */
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

    /** Blanks, not a control sequence: they are understood everywhere. */
    void clear() {
        if (shown > 0) {
            terminal.err().print("\r" + " ".repeat(shown) + "\r");
            terminal.err().flush();
            shown = 0;
        }
    }
}
