package dev.rung.web;

/** Handles the requests of a route. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface Handler {
    /**
     * Handles a request.
     *
     * @throws ProblemException to respond with a problem
     */
    ApiResponse handle(ApiRequest call);
}
