package dev.rung.delivery.http;

/** The phase an attempt is in; explains where a timeout happened. */
enum AttemptPhase {
    LOOKING_UP(": the name lookup had not finished"),
    CONNECTING(": no connection was established"),
    SECURING(": the TLS handshake had not finished"),
    WAITING(""),
    READING(": the response head was received, but not the whole body");

    private final String explanation;

    AttemptPhase(String explanation) {
        this.explanation = explanation;
    }

    /** Continues "no complete response within 5s". */
    String explanation() {
        return explanation;
    }
}
