package dev.rung.core.model;

import java.time.Duration;

/** What an alert reports. The codes are stored. */
public enum AlertKind implements CodedEnum {
    /** A user asked for a test. */
    TEST(0, "alerts.test", Duration.ZERO),
    /** A receiver does not answer any more; the subject is its id. */
    RECEIVER_NOT_ANSWERING(1, "merchant.not_answering", Duration.ZERO),
    /** A receiver that did not answer answers again; the subject is its id. */
    RECEIVER_RECOVERED(2, "merchant.recovered", Duration.ZERO),
    /** Notifications were exhausted; the subject is the number of the merchant's id. */
    NOTIFICATIONS_EXHAUSTED(3, "notifications.exhausted", Duration.ofMinutes(1)),
    /** Discrepancies were found; the subject is the code of their kind. */
    DISCREPANCIES_FOUND(4, "discrepancies.found", Duration.ofSeconds(10)),
    /** A channel account fails; the subject is its name. */
    CHANNEL_FAILING(5, "channel.failing", Duration.ZERO),
    /** A channel account works again; the subject is its name. */
    CHANNEL_RECOVERED(6, "channel.recovered", Duration.ZERO),
    /** Deliveries are overdue. */
    DELIVERIES_OVERDUE(7, "deliveries.overdue", Duration.ZERO),
    /** Deliveries are on time again. */
    DELIVERIES_ON_TIME(8, "deliveries.on_time", Duration.ZERO),
    /** Submissions over AMQP were refused. */
    SUBMISSIONS_REFUSED(9, "submissions.refused", Duration.ofSeconds(10)),
    /** A certificate or a key expires soon; the subject names it. */
    EXPIRES_SOON(10, "expires.soon", Duration.ZERO);

    private final int code;
    private final String text;
    private final Duration window;

    AlertKind(int code, String text, Duration window) {
        this.code = code;
        this.text = text;
        this.window = window;
    }

    @Override
    public int code() {
        return code;
    }

    /** The {@code type} of the alert's message. */
    @Override
    public String text() {
        return text;
    }

    /** Events within this time from the first of a subject make one message. */
    public Duration window() {
        return window;
    }
}
