package dev.rung.client;

/** A response is not what the API responds with: the address is not that of a Rung server, or something between changed it. */
public final class MalformedResponseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedResponseException(String message) {
        super(message);
    }
}
