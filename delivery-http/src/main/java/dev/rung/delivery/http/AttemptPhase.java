package dev.rung.delivery.http;

/** How far an attempt has come; says where its time went. */
enum AttemptPhase {
    LOOKING_UP(": the look-up of its name was still under way"),
    CONNECTING(": no connection was made"),
    SECURING(": the TLS handshake was still under way"),
    WAITING(""),
    READING(": its head had come, its body had not ended");

    private final String explanation;

    AttemptPhase(String explanation) {
        this.explanation = explanation;
    }

    /** Goes on from "no complete response within 5s". */
    String explanation() {
        return explanation;
    }
}
