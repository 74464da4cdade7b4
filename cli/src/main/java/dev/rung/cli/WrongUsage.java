package dev.rung.cli;

/** Wrong usage; the message is printed, and the exit code is 2. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String message) {
        super(message, null, false, false);
    }
}
