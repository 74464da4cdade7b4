package dev.rung.cli;

/** What was typed makes no sense, in a way that a sentence explains: exit code 2. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String message) {
        super(message, null, false, false);
    }
}
