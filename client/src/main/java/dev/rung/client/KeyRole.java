package dev.rung.client;

/** What a named key may do. */
public enum KeyRole implements ApiValue {
    /** Reads and changes everything. */
    OPERATOR("operator"),
    /** Reads everything except secrets. */
    VIEWER("viewer"),
    /** Creates and reads notifications, payments and refunds, nothing else. */
    INTAKE("intake"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    KeyRole(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
