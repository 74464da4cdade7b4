package dev.rung.cli;

/** The operation failed in a way that a sentence explains: exit code 1. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message, null, false, false);
    }
}
