package dev.rung.web;

/** Answers one kind of call. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers.
     *
     * @throws ProblemException to answer with a problem
     */
    ApiResponse handle(ApiRequest call);
}
