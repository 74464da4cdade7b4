package dev.rung.core.model;

/** How an attempt ended. The codes are stored. */
public enum Outcome implements CodedEnum {
    /** A complete response that acknowledges by the merchant's rule. */
    ACKNOWLEDGED(0, "acknowledged"),
    /** A complete response that does not acknowledge. */
    DECLINED(1, "declined"),
    /** No complete response within the deadline. */
    TIMED_OUT(2, "timed_out"),
    /** DNS, connect or TLS failed, or the connection was reset. */
    UNREACHABLE(3, "unreachable"),
    /** No request was made: the address is not allowed, there is no URL or key, or the server is stopping. */
    REFUSED(4, "refused"),
    /** The receiver asked to wait: 429, or 503 with {@code Retry-After}. */
    THROTTLED(5, "throttled");

    private final int code;
    private final String text;

    Outcome(int code, String text) {
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
