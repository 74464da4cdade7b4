package dev.rung.cli;

/** The operation failed; the message is printed, and the exit code is 1. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message, null, false, false);
    }
}
