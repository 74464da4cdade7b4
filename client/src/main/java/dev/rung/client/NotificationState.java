package dev.rung.client;

/** The state of a notification. */
public enum NotificationState implements ApiValue {
    /** Not acknowledged yet, attempts left. */
    WAITING("waiting"),
    /** Acknowledged. */
    DELIVERED("delivered"),
    /** All attempts failed. */
    EXHAUSTED("exhausted"),
    /** Cancelled by an operator. */
    CANCELLED("cancelled"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    NotificationState(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
