package dev.rung.client;

/** How a merchant acknowledges. */
public enum Acknowledge implements ApiValue {
    /** Any 2xx status. */
    STATUS_2XX("2xx"),
    /** 2xx, and the body, trimmed, equals {@code success} ignoring case. */
    BODY_SUCCESS("body-success"),
    /** 2xx, and the body is a JSON object whose {@code code} is {@code SUCCESS}. */
    JSON_CODE_SUCCESS("json-code-success"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    Acknowledge(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
