package dev.rung.client;

/** The outcome of an attempt. */
public enum Outcome implements ApiValue {
    /** A complete response that acknowledges. */
    ACKNOWLEDGED("acknowledged"),
    /** A complete response that does not acknowledge. */
    DECLINED("declined"),
    /** No complete response in time. */
    TIMED_OUT("timed_out"),
    /** An error of DNS, connection or TLS, or a reset. */
    UNREACHABLE("unreachable"),
    /** Not sent, because the address is not allowed. */
    REFUSED("refused"),
    /** The receiver is busy (429, or 503 with {@code Retry-After}); the same step is due again later. */
    THROTTLED("throttled"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    Outcome(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
