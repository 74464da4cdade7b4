package dev.rung.core.model;

/** What a merchant's acknowledgement looks like. The codes are stored. */
public enum Acknowledgement implements CodedEnum {
    /** Any 2xx status. */
    STATUS_2XX(0, "2xx"),
    /** 2xx and the body, trimmed, equals {@code success} ignoring case. */
    BODY_SUCCESS(1, "body-success"),
    /** 2xx and a JSON object whose {@code code} is {@code SUCCESS}. */
    JSON_CODE_SUCCESS(2, "json-code-success");

    private final int code;
    private final String text;

    Acknowledgement(int code, String text) {
        this.code = code;
        this.text = text;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String text() {
        return text;
    }
}
